/*
 * vm.c: four-level page tables (SDM vol. 3A, 4.5). The kernel's half of every
 * address space is the same two PML4 entries: the direct map, and the top 512 GiB
 * with the kernel itself and the kernel stacks.
 */
#include "kernel.h"
#include "msr.h"

#define ENTRIES 512
#define INDEX(address, level) ((address) >> (12 + 9 * (level)) & (ENTRIES - 1))
#define DIRECT_SLOT INDEX(DIRECT_MAP, 3)
#define KERNEL_SLOT INDEX(KERNEL_BASE, 3)
#define LARGE_PAGE 0x200000ul

static uint64_t kernel_pml4;
static uint64_t no_execute;     /* PTE_NX, or 0 on a CPU without it */

static uint64_t table_alloc(void)
{
    uint64_t frame = frame_alloc();
    if (frame == NO_FRAME)
        panic("no memory for the kernel's page tables");
    return frame;
}

/* The bits of a table in the lower half; `level` 3 is the PML4's entry, 1 the page directory's. */
static uint64_t table_bits(uint64_t address, int level)
{
    if (address >= USER_END || (flaws.upper_u && level >= 2))
        return PTE_P | PTE_W;
    return PTE_P | PTE_W | PTE_U;
}

/*
 * The page-table entry that translates `address`, or NULL if a table on the way
 * is missing (and `create` is false or memory has run out). Tables of the lower
 * half get U=1, because a ring 3 access needs U=1 at every level (SDM vol. 3A,
 * 4.6.1); tables of the kernel's half get U=0, which no leaf below can undo.
 */
static uint64_t *entry_of(uint64_t pml4, uint64_t address, bool create)
{
    uint64_t *table = at(pml4);

    for (int level = 3; level > 0; level--) {
        uint64_t *entry = &table[INDEX(address, level)];
        if (!(*entry & PTE_P)) {
            uint64_t frame = create ? frame_alloc() : NO_FRAME;
            if (frame == NO_FRAME)
                return NULL;
            *entry = frame | table_bits(address, level);
        }
        table = at(*entry & PTE_ADDRESS);
    }
    return &table[INDEX(address, 0)];
}

/* Maps one 4 KiB page; false when there is no memory for the tables. */
bool vm_map(uint64_t pml4, uint64_t address, uint64_t frame, uint64_t bits)
{
    uint64_t *entry = entry_of(pml4, address, true);
    if (!entry)
        return false;
    if (!cpu.nx)
        bits &= ~PTE_NX;
    *entry = frame | bits | PTE_P;
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
    return true;
}

/*
 * What the kernel's own bytes may be used for, by load address: text is read and
 * executed, read-only data read, the rest written. The same answer serves both
 * views of these frames, or the direct map would be a way to write to text.
 */
static uint64_t image_bits(uint64_t physical, bool linked_view)
{
    if (physical < 0x100000 || physical >= (uint64_t)rodata_end - KERNEL_BASE)
        return PTE_P | PTE_W | PTE_G | no_execute;
    if (physical < (uint64_t)text_end - KERNEL_BASE)
        return PTE_P | PTE_G | (linked_view ? 0 : no_execute);
    return PTE_P | PTE_G | no_execute;
}

/* Direct map: 4 KiB pages for the first 2 MiB, where the kernel lies, then 2 MiB pages. */
static void map_all_memory(uint64_t pdpt)
{
    uint64_t end = memory_end();
    uint64_t *pd = NULL;

    for (uint64_t physical = 0; physical < end; physical += LARGE_PAGE) {
        if (INDEX(physical, 1) == 0) {
            uint64_t frame = table_alloc();
            ((uint64_t *)at(pdpt))[INDEX(physical, 2)] = frame | PTE_P | PTE_W;
            pd = at(frame);
        }
        pd[INDEX(physical, 1)] = physical | PTE_PS | PTE_P | PTE_W | PTE_G | no_execute;
    }
}

void vm_init(void)
{
    uint64_t direct_pdpt, top_pdpt, first, image;
    uint64_t image_end = (uint64_t)kernel_end - KERNEL_BASE;

    no_execute = cpu.nx ? PTE_NX : 0;
    kernel_pml4 = table_alloc();
    direct_pdpt = table_alloc();
    top_pdpt = table_alloc();
    first = table_alloc();
    image = table_alloc();
    ((uint64_t *)at(kernel_pml4))[DIRECT_SLOT] = direct_pdpt | PTE_P | PTE_W;
    ((uint64_t *)at(kernel_pml4))[KERNEL_SLOT] = top_pdpt | PTE_P | PTE_W;
    map_all_memory(direct_pdpt);

    for (uint64_t physical = 0; physical < LARGE_PAGE; physical += PAGE_SIZE) {
        uint64_t i = INDEX(physical, 0);
        ((uint64_t *)at(first))[i] = physical | image_bits(physical, false);
        if (physical >= 0x100000 && physical < image_end)
            ((uint64_t *)at(image))[i] = physical | image_bits(physical, true);
    }
    *(uint64_t *)at(((uint64_t *)at(direct_pdpt))[0] & PTE_ADDRESS) = first | PTE_P | PTE_W;

    uint64_t kernel_pd = table_alloc();
    ((uint64_t *)at(top_pdpt))[INDEX(KERNEL_BASE, 2)] = kernel_pd | PTE_P | PTE_W;
    *(uint64_t *)at(kernel_pd) = image | PTE_P | PTE_W;
    /* Made now, so that every address space shares it. */
    if (!entry_of(kernel_pml4, KSTACK_AREA, true))
        panic("no memory for the kernel stacks' page table");

    vm_switch(kernel_pml4);
    uint64_t cr4 = READ_CR(4) | CR4_PGE;
    if (cpu.smep)
        cr4 |= CR4_SMEP;
    if (cpu.smap)
        cr4 |= CR4_SMAP;
    WRITE_CR(4, cr4);
}

/* A new address space: an empty lower half under the kernel's half. NO_FRAME if memory has run out. */
uint64_t vm_new(void)
{
    uint64_t pml4 = frame_alloc();
    if (pml4 == NO_FRAME)
        return NO_FRAME;
    ((uint64_t *)at(pml4))[DIRECT_SLOT] = ((uint64_t *)at(kernel_pml4))[DIRECT_SLOT];
    ((uint64_t *)at(pml4))[KERNEL_SLOT] = ((uint64_t *)at(kernel_pml4))[KERNEL_SLOT];
    return pml4;
}

void vm_switch(uint64_t pml4)
{
    WRITE_CR(3, pml4);
}

void vm_switch_to_kernel(void)
{
    vm_switch(kernel_pml4);
}

/* Takes a page away from the current address space or one not in use, and gives its frame back. */
void vm_unmap(uint64_t pml4, uint64_t address)
{
    uint64_t *entry = entry_of(pml4, address, false);
    if (!entry || !(*entry & PTE_P))
        return;
    frame_free(*entry & PTE_ADDRESS);
    *entry = 0;
    asm volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/* Copies the tables and pages below `from`; the PML4 is level 3, a page table level 0. */
static bool copy_level(uint64_t to, uint64_t from, int level)
{
    uint64_t *source = at(from), *target = at(to);
    int count = level == 3 ? ENTRIES / 2 : ENTRIES;

    for (int i = 0; i < count; i++) {
        if (!(source[i] & PTE_P))
            continue;
        uint64_t frame = frame_alloc();
        if (frame == NO_FRAME)
            return false;
        target[i] = frame | (source[i] & ~PTE_ADDRESS);
        if (level == 0)
            memcpy(at(frame), at(source[i] & PTE_ADDRESS), PAGE_SIZE);
        else if (!copy_level(frame, source[i] & PTE_ADDRESS, level - 1))
            return false;
    }
    return true;
}

/* Copies the lower half, page by page. False: no memory; what was copied is for vm_free. */
bool vm_copy(uint64_t to, uint64_t from)
{
    return copy_level(to, from, 3);
}

static void free_level(uint64_t table, int level)
{
    uint64_t *entries = at(table);
    int count = level == 3 ? ENTRIES / 2 : ENTRIES;

    for (int i = 0; i < count; i++) {
        if (!(entries[i] & PTE_P))
            continue;
        if (level == 0)
            frame_free(entries[i] & PTE_ADDRESS);
        else
            free_level(entries[i] & PTE_ADDRESS, level - 1);
    }
    frame_free(table);
}

/* Gives back an address space that no CPU uses: its pages, its tables, itself. */
void vm_free(uint64_t pml4)
{
    free_level(pml4, 3);
}

/*
 * Kernel stacks: per process slot 16 KiB of addresses of which the upper half is
 * backed, so that running off a stack's end faults instead of reaching the next one.
 */
static uint64_t stack_top(int slot)
{
    return KSTACK_AREA + (uint64_t)(slot + 1) * 4 * PAGE_SIZE;
}

/* Returns the stack's top, or 0 when memory has run out. */
uint64_t vm_kernel_stack(int slot)
{
    uint64_t top = stack_top(slot);

    for (uint64_t page = top - 2 * PAGE_SIZE; page < top; page += PAGE_SIZE) {
        uint64_t frame = frame_alloc();
        if (frame == NO_FRAME || !vm_map(kernel_pml4, page, frame, PTE_W | PTE_G | PTE_NX)) {
            vm_kernel_stack_free(slot);
            return 0;
        }
    }
    return top;
}

void vm_kernel_stack_free(int slot)
{
    vm_unmap(kernel_pml4, stack_top(slot) - PAGE_SIZE);
    vm_unmap(kernel_pml4, stack_top(slot) - 2 * PAGE_SIZE);
}

/* Maps one page of a device's registers for ring 0. */
volatile void *vm_map_device(uint64_t physical)
{
    static uint64_t next = DEVICE_AREA;
    uint64_t address = next;

    next += PAGE_SIZE;
    if (!vm_map(kernel_pml4, address, physical, PTE_W | PTE_PCD | PTE_G | PTE_NX))
        panic("no memory to map a device");
    return (volatile void *)address;
}
