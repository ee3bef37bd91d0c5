/*
 * memory.c: what a process may use of its lower half: its program's segments and
 * mmaps (areas), the heap, the stack. Pages come on first use, zeroed.
 */
#include "kernel.h"

#define PAGE_MASK (PAGE_SIZE - 1ul)
#define STACK_LIMIT (256 * 1024ul)
#define HEAP_LIMIT (64 * 1024 * 1024ul)
#define MMAP_BASE 0x0000700000000000ul

/* Page-fault error code (SDM vol. 3A, 4.7). */
#define ERROR_PRESENT 1
#define ERROR_WRITE 2
#define ERROR_RESERVED 8
#define ERROR_FETCH 16

static uint64_t round_up(uint64_t address)
{
    return (address + PAGE_MASK) & ~PAGE_MASK;
}

static bool overlaps(const struct memory *memory, uint64_t start, uint64_t end)
{
    for (int i = 0; i < MAX_AREAS; i++)
        if (start < memory->areas[i].end && memory->areas[i].start < end)
            return true;
    return start < round_up(memory->heap_end) && memory->heap_start < end;
}

static bool overlaps_stack(uint64_t start, uint64_t end)
{
    return start < USER_STACK_TOP && end > USER_STACK_TOP - STACK_LIMIT;
}

/* Records pages as usable; false when they overlap others or the table is full. */
bool memory_add(struct memory *memory, uint64_t start, uint64_t end, uint64_t bits)
{
    if (overlaps(memory, start, end) || overlaps_stack(start, end))
        return false;
    for (int i = 0; i < MAX_AREAS; i++) {
        if (memory->areas[i].start == memory->areas[i].end) {
            memory->areas[i] = (struct area){start, end, bits | PTE_U};
            return true;
        }
    }
    return false;
}

/* The PTE bits for the page at `address`, or 0: the process has nothing there. */
static uint64_t bits_at(const struct memory *memory, uint64_t address)
{
    if (address >= USER_STACK_TOP - STACK_LIMIT && address < USER_STACK_TOP)
        return PTE_U | PTE_W | PTE_NX;
    if (address >= memory->heap_start && address < round_up(memory->heap_end))
        return PTE_U | PTE_W | PTE_NX;
    for (int i = 0; i < MAX_AREAS; i++)
        if (address >= memory->areas[i].start && address < memory->areas[i].end)
            return memory->areas[i].bits;
    return 0;
}

/*
 * A page fault at `address`: true if a page was owed there and has now been
 * given, so that the instruction can be tried again.
 */
bool memory_fault(struct memory *memory, uint64_t address, uint64_t error)
{
    uint64_t bits = bits_at(memory, address);

    if (error & (ERROR_PRESENT | ERROR_RESERVED) || !bits)
        return false;
    if ((error & ERROR_WRITE && !(bits & PTE_W)) || (error & ERROR_FETCH && bits & PTE_NX))
        return false;
    uint64_t frame = frame_alloc();
    if (frame != NO_FRAME && vm_map(memory->pml4, address & ~PAGE_MASK, frame, bits))
        return true;
    if (frame != NO_FRAME)
        frame_free(frame);
    print("[memory] no frame left for address %lx\n", address);
    return false;
}

static void unmap(struct memory *memory, uint64_t start, uint64_t end)
{
    for (uint64_t page = start; page < end; page += PAGE_SIZE)
        vm_unmap(memory->pml4, page);
}

/* The first gap of `length` bytes at or above MMAP_BASE, or 0. */
static uint64_t find_gap(const struct memory *memory, uint64_t length)
{
    uint64_t start = MMAP_BASE;

    for (int i = 0; i < MAX_AREAS; i++) {
        if (start < memory->areas[i].end && memory->areas[i].start < start + length) {
            start = memory->areas[i].end;
            i = -1;             /* areas are not sorted: look again from the first */
        }
    }
    return start + length <= USER_STACK_TOP - STACK_LIMIT ? start : 0;
}

int64_t memory_mmap(struct memory *memory, uint64_t address, uint64_t length, uint64_t protection)
{
    if (length == 0 || length > HEAP_LIMIT || address & PAGE_MASK
        || protection & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC) || !(protection & PROT_READ))
        return -EINVAL;
    length = round_up(length);
    if (address == 0)
        address = find_gap(memory, length);
    if (address == 0)
        return -ENOMEM;
    if (address > USER_END - length)
        return -EINVAL;
    if (overlaps(memory, address, address + length) || overlaps_stack(address, address + length))
        return -EEXIST;
    uint64_t bits = (protection & PROT_WRITE ? PTE_W : 0) | (protection & PROT_EXEC ? 0 : PTE_NX);
    return memory_add(memory, address, address + length, bits) ? (int64_t)address : -ENOMEM;
}

int64_t memory_munmap(struct memory *memory, uint64_t address, uint64_t length)
{
    uint64_t end = address + round_up(length);

    if (address & PAGE_MASK || length == 0 || length > USER_END || end > USER_END || end < address)
        return -EINVAL;
    for (int i = 0; i < MAX_AREAS; i++) {
        struct area *area = &memory->areas[i];
        struct area old = *area;
        if (old.end <= address || old.start >= end)
            continue;
        uint64_t from = old.start > address ? old.start : address;
        uint64_t to = old.end < end ? old.end : end;
        *area = (struct area){old.start, from, old.bits};
        if (to < old.end && from > old.start) {
            if (!memory_add(memory, to, old.end, old.bits)) {
                *area = old;    /* no entry left for the second half */
                return -ENOMEM;
            }
        } else if (to < old.end) {
            *area = (struct area){to, old.end, old.bits};
        }
        if (area->start == area->end)
            *area = (struct area){0};
        unmap(memory, from, to);
    }
    return 0;
}

/* Moves the end of the heap; 0 asks where it is. The answer is where it is afterwards. */
int64_t memory_brk(struct memory *memory, uint64_t end)
{
    uint64_t old = memory->heap_end;

    if (end == 0)
        return (int64_t)old;
    if (end < memory->heap_start)
        return -EINVAL;
    if (end > memory->heap_start + HEAP_LIMIT)
        return -ENOMEM;
    for (int i = 0; i < MAX_AREAS && end > old; i++)
        if (memory->areas[i].start < round_up(end) && memory->areas[i].end > memory->heap_start)
            return -ENOMEM;
    unmap(memory, round_up(end), round_up(old));
    memory->heap_end = end;
    return (int64_t)end;
}
