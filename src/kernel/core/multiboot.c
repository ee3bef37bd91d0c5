/*
 * multiboot.c: the boot loader's information, version 1 or 2, copied out of
 * memory that the frame allocator will soon give away.
 */
#include "kernel.h"

#define MB1_LOADED 0x2badb002
#define MB1_HAS_COMMAND_LINE (1 << 2)
#define MB1_HAS_MODULES (1 << 3)
#define MB1_HAS_MEMORY_MAP (1 << 6)
#define MB2_LOADED 0x36d76289
#define MEMORY_AVAILABLE 1

struct mb1_info {
    uint32_t flags, mem_lower, mem_upper, boot_device, command_line;
    uint32_t module_count, modules, symbols[4];
    uint32_t map_length, map;
};

struct mb1_module {
    uint32_t start, end, line, reserved;
};

struct mb1_region {
    uint32_t size;              /* of what follows, so an entry takes size + 4 bytes */
    uint64_t start, length;
    uint32_t type;
} __attribute__((packed));

struct mb2_tag {
    uint32_t type, size;
};

enum { MB2_END, MB2_COMMAND_LINE, MB2_MODULE = 3, MB2_MEMORY_MAP = 6 };

struct mb2_region {
    uint64_t start, length;
    uint32_t type, reserved;
};

struct module modules[MAX_MODULES];
int module_count;
struct region regions[MAX_REGIONS];
int region_count;
static char command_line[2 * LINE_SIZE];

static void add_region(uint64_t start, uint64_t length, uint32_t type)
{
    uint64_t end = start + length < DIRECT_MAP_SIZE ? start + length : DIRECT_MAP_SIZE;

    if (type == MEMORY_AVAILABLE && start < end && region_count < MAX_REGIONS)
        regions[region_count++] = (struct region){start, end};
}

/* "dir/userprog.elf one two" becomes the line "userprog one two" and the name "userprog". */
static void add_module(uint64_t start, uint64_t end, const char *line)
{
    if (module_count == MAX_MODULES)
        return;
    struct module *module = &modules[module_count++];
    const char *base = line;
    size_t length = 0;

    for (const char *p = line; *p && *p != ' '; p++)
        if (*p == '/')
            base = p + 1;
    while (base[length] && base[length] != ' ' && base[length] != '.')
        length++;
    const char *rest = base + length;
    while (*rest && *rest != ' ')
        rest++;
    if (length + 1 > sizeof(module->name))
        length = sizeof(module->name) - 1;

    module->start = start;
    module->end = end;
    copy_string(module->name, base, length + 1);
    copy_string(module->line, module->name, LINE_SIZE);
    copy_string(module->line + length, rest, LINE_SIZE - length);
}

static void read_mb1(const struct mb1_info *info)
{
    if (info->flags & MB1_HAS_COMMAND_LINE)
        copy_string(command_line, at(info->command_line), sizeof(command_line));
    if (info->flags & MB1_HAS_MODULES) {
        const struct mb1_module *module = at(info->modules);
        for (uint32_t i = 0; i < info->module_count; i++)
            add_module(module[i].start, module[i].end, module[i].line ? at(module[i].line) : "");
    }
    if (info->flags & MB1_HAS_MEMORY_MAP) {
        for (uint32_t offset = 0; offset < info->map_length;) {
            const struct mb1_region *region = at(info->map + offset);
            add_region(region->start, region->length, region->type);
            offset += region->size + 4;
        }
    }
}

static void read_mb2(uint64_t info)
{
    uint32_t total = *(uint32_t *)at(info);
    uint64_t offset = 8;        /* past total size and a reserved word */

    while (offset + sizeof(struct mb2_tag) <= total) {
        const struct mb2_tag *tag = at(info + offset);
        const uint32_t *words = (const uint32_t *)(tag + 1);
        if (tag->type == MB2_END)
            break;
        if (tag->type == MB2_COMMAND_LINE)
            copy_string(command_line, (const char *)words, sizeof(command_line));
        if (tag->type == MB2_MODULE)
            add_module(words[0], words[1], (const char *)(words + 2));
        if (tag->type == MB2_MEMORY_MAP) {
            uint32_t entry_size = words[0];
            for (uint64_t at_byte = 16; at_byte + entry_size <= tag->size; at_byte += entry_size) {
                const struct mb2_region *region = at(info + offset + at_byte);
                add_region(region->start, region->length, region->type);
            }
        }
        offset += (tag->size + 7) & ~7ul;   /* tags are 8-byte aligned */
    }
}

void multiboot_init(uint32_t magic, uint32_t info)
{
    if (magic == MB1_LOADED)
        read_mb1(at(info));
    else if (magic == MB2_LOADED)
        read_mb2(info);
    else
        panic("EAX is %08x: not started by a multiboot loader", magic);
    if (region_count == 0)
        panic("the boot loader gave no memory map");
}

struct module *find_module(const char *name)
{
    for (int i = 0; i < module_count; i++)
        if (same(modules[i].name, name))
            return &modules[i];
    return NULL;
}

/* Finds the word `key` or `key=value` on the kernel's command line; copies the value. */
bool option(const char *key, char *value, size_t size)
{
    size_t length = strlen(key);

    for (const char *word = command_line; *word;) {
        size_t n = 0, i = 0;
        while (word[n] && word[n] != ' ')
            n++;
        while (i < length && i < n && word[i] == key[i])
            i++;
        if (i == length && (n == length || word[length] == '=')) {
            size_t room = n == length ? 1 : n - length;
            copy_string(value, n == length ? "" : word + length + 1, room < size ? room : size);
            return true;
        }
        word += n;
        while (*word == ' ')
            word++;
    }
    return false;
}
