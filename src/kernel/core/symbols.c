/* symbols.c: names for addresses in the kernel's text. build.sh makes the table from the linked kernel. */
#include "kernel.h"

struct symbol {
    uint64_t address;
    const char *name;
};

/* In order of address. Empty in the first of the two links. */
extern const struct symbol symbol_table[], symbol_table_end[];

/* Prints " name+offset", or nothing for an address outside the kernel's text. */
void print_symbol(uint64_t address)
{
    const struct symbol *found = NULL;

    for (const struct symbol *s = symbol_table; s < symbol_table_end && s->address <= address; s++)
        found = s;
    if (found && address < (uint64_t)text_end)
        print(" %s+%lx", found->name, address - found->address);
}
