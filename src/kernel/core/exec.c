/* exec.c: an ELF64 executable from a boot module into a process's address space. */
#include "kernel.h"

#define ELF_MAGIC 0x464c457f        /* 7Fh 'E' 'L' 'F' */
#define CLASS64_LITTLE_ENDIAN 0x0102
#define TYPE_EXECUTABLE 2
#define MACHINE_X86_64 62
#define SEGMENT_LOAD 1
#define SEGMENT_X 1
#define SEGMENT_W 2

struct elf_header {
    uint32_t magic;
    uint16_t class_and_data;
    uint8_t version_and_padding[10];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, segments, sections;
    uint32_t flags;
    uint16_t header_size, segment_size, segment_count;
    uint16_t section_size, section_count, section_names;
};

struct elf_segment {
    uint32_t type, flags;
    uint64_t offset, address, physical, file_size, memory_size, align;
};

#define MAX_ARGUMENTS 16

static const struct elf_header *check_header(const struct module *module)
{
    const struct elf_header *header = at(module->start);
    uint64_t size = module->end - module->start;

    if (size < sizeof(*header) || header->magic != ELF_MAGIC
        || header->class_and_data != CLASS64_LITTLE_ENDIAN || header->type != TYPE_EXECUTABLE
        || header->machine != MACHINE_X86_64 || header->segment_size != sizeof(struct elf_segment)
        || header->segments > size
        || header->segment_count > (size - header->segments) / sizeof(struct elf_segment))
        return NULL;
    return header;
}

/*
 * Records the segment as an area and loads its pages that hold bytes of the file;
 * the pages after those (.bss) come by page fault.
 */
static int64_t load_segment(struct memory *memory, const struct module *module, const struct elf_segment *segment)
{
    uint64_t size = module->end - module->start;
    uint64_t end = segment->address + segment->memory_size;
    uint64_t bits = PTE_U | (segment->flags & SEGMENT_W ? PTE_W : 0) | (segment->flags & SEGMENT_X ? 0 : PTE_NX);

    if (segment->file_size > segment->memory_size || segment->address % PAGE_SIZE != 0
        || segment->address == 0 || end < segment->address || end > USER_STACK_TOP
        || segment->offset > size || segment->file_size > size - segment->offset)
        return -ENOEXEC;
    end = (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1ul);
    if (!memory_add(memory, segment->address, end, bits))
        return -ENOEXEC;
    if (end > memory->heap_start)
        memory->heap_start = memory->heap_end = end;

    for (uint64_t done = 0; done < segment->file_size; done += PAGE_SIZE) {
        uint64_t left = segment->file_size - done;
        uint64_t frame = frame_alloc();
        if (frame == NO_FRAME)
            return -ENOMEM;
        memcpy(at(frame), at(module->start + segment->offset + done), left < PAGE_SIZE ? left : PAGE_SIZE);
        if (!vm_map(memory->pml4, segment->address + done, frame, bits)) {
            frame_free(frame);
            return -ENOMEM;
        }
    }
    return 0;
}

/*
 * Lays out the stack's top page as the System V ABI has it at a program's entry:
 * argc at RSP, then argv[], NULL, and the strings above. Returns RSP, or 0.
 */
static uint64_t build_stack(uint64_t pml4, const char *line)
{
    uint64_t frame = frame_alloc();
    if (frame == NO_FRAME)
        return 0;
    if (!vm_map(pml4, USER_STACK_TOP - PAGE_SIZE, frame, PTE_U | PTE_W | PTE_NX)) {
        frame_free(frame);
        return 0;
    }

    size_t size = strlen(line) + 1;
    char *page = at(frame);
    uint64_t page_address = USER_STACK_TOP - PAGE_SIZE;
    uint64_t strings = (PAGE_SIZE - size) & ~15ul;
    uint64_t arguments[MAX_ARGUMENTS + 1];
    uint64_t count = 0;

    for (size_t i = 0; i < size; i++) {
        bool starts = line[i] != ' ' && line[i] != 0 && (i == 0 || line[i - 1] == ' ');
        if (starts && count < MAX_ARGUMENTS)
            arguments[count++] = page_address + strings + i;
        page[strings + i] = line[i] == ' ' ? 0 : line[i];
    }
    arguments[count] = 0;

    uint64_t words = (strings - (count + 2) * 8) & ~15ul;   /* the ABI wants RSP 16-byte aligned here */
    memcpy(page + words, &count, 8);
    memcpy(page + words + 8, arguments, (count + 1) * 8);
    return page_address + words;
}

/*
 * Makes `memory` a new address space with the program that `line` names, and
 * tells the RIP and RSP to start it with. On error `memory` holds nothing.
 */
int64_t exec_load(struct memory *memory, const char *line, uint64_t *entry, uint64_t *rsp)
{
    char name[NAME_SIZE];
    size_t length = 0;

    while (line[length] && line[length] != ' ')
        length++;
    copy_string(name, line, length + 1 < NAME_SIZE ? length + 1 : NAME_SIZE);
    const struct module *module = find_module(name);
    if (!module)
        return -ENOENT;
    const struct elf_header *header = check_header(module);
    if (!header)
        return -ENOEXEC;

    *memory = (struct memory){.pml4 = vm_new()};
    if (memory->pml4 == NO_FRAME)
        return -ENOMEM;
    const struct elf_segment *segment = at(module->start + header->segments);
    int64_t error = header->entry < USER_END ? 0 : -ENOEXEC;
    for (int i = 0; i < header->segment_count && !error; i++)
        if (segment[i].type == SEGMENT_LOAD && segment[i].memory_size > 0)
            error = load_segment(memory, module, &segment[i]);
    *entry = header->entry;
    if (!error && (*rsp = build_stack(memory->pml4, line)) == 0)
        error = -ENOMEM;
    if (error)
        vm_free(memory->pml4);
    return error;
}
