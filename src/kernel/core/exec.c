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

/* Page by page: a frame, the file's bytes that fall into it, zeroes for the rest. */
static bool load_segment(uint64_t pml4, const struct module *module, const struct elf_segment *segment)
{
    uint64_t end = segment->address + segment->memory_size;
    uint64_t bits = PTE_U | (segment->flags & SEGMENT_W ? PTE_W : 0) | (segment->flags & SEGMENT_X ? 0 : PTE_NX);

    if (segment->file_size > segment->memory_size || segment->address % PAGE_SIZE != 0
        || end < segment->address || end > USER_STACK_TOP
        || segment->offset > module->end - module->start
        || segment->file_size > module->end - module->start - segment->offset)
        return false;
    for (uint64_t page = segment->address; page < end; page += PAGE_SIZE) {
        uint64_t frame = frame_alloc();
        if (frame == NO_FRAME || !vm_map(pml4, page, frame, bits))
            return false;
        uint64_t done = page - segment->address;
        if (done < segment->file_size) {
            uint64_t left = segment->file_size - done;
            memcpy(at(frame), at(module->start + segment->offset + done), left < PAGE_SIZE ? left : PAGE_SIZE);
        }
    }
    return true;
}

/*
 * Lays out the stack's top page as the System V ABI has it at a program's entry:
 * argc at RSP, then argv[], NULL, and the strings above. Returns RSP, or 0.
 */
static uint64_t build_stack(uint64_t pml4, const char *line)
{
    uint64_t frame = frame_alloc();
    if (frame == NO_FRAME || !vm_map(pml4, USER_STACK_TOP - PAGE_SIZE, frame, PTE_U | PTE_W | PTE_NX))
        return 0;

    size_t size = strlen(line) + 1;
    uint64_t strings = (PAGE_SIZE - size) & ~15ul;      /* offset in the page */
    char *text = (char *)at(frame) + strings;
    uint64_t address = USER_STACK_TOP - PAGE_SIZE + strings;
    uint64_t arguments[MAX_ARGUMENTS + 1];
    uint64_t count = 0;

    memcpy(text, line, size);
    for (size_t i = 0; i < size; i++) {
        bool starts = text[i] != ' ' && text[i] != 0 && (i == 0 || text[i - 1] == 0);
        if (starts && count < MAX_ARGUMENTS)
            arguments[count++] = address + i;
        if (text[i] == ' ')
            text[i] = 0;
    }
    arguments[count] = 0;

    /* The ABI wants RSP 16-byte aligned here. */
    uint64_t words = (strings - (count + 2) * 8) & ~15ul;
    *(uint64_t *)((char *)at(frame) + words) = count;
    memcpy((char *)at(frame) + words + 8, arguments, (count + 1) * 8);
    return USER_STACK_TOP - PAGE_SIZE + words;
}

/*
 * Fills an empty address space with a program. `entry` and `rsp` receive the
 * registers to start it with. False: not an executable, or no memory.
 */
bool exec_load(uint64_t pml4, const struct module *module, const char *line, uint64_t *entry, uint64_t *rsp)
{
    const struct elf_header *header = check_header(module);
    if (!header)
        return false;

    const struct elf_segment *segment = at(module->start + header->segments);
    for (int i = 0; i < header->segment_count; i++)
        if (segment[i].type == SEGMENT_LOAD && segment[i].memory_size > 0
            && !load_segment(pml4, module, &segment[i]))
            return false;
    *entry = header->entry;
    *rsp = build_stack(pml4, line);
    return *rsp != 0;
}
