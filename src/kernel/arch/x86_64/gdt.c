/* gdt.c: the global descriptor table and the task-state segment (SDM vol. 3A, 3.4.5, 7.7). */
#include "kernel.h"
#include "segment.h"

struct tss {
    uint32_t reserved0;
    uint64_t rsp[3];        /* RSP0: the stack for interrupts that come from ring 3 */
    uint64_t reserved1;
    uint64_t ist[7];
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t io_map;        /* past the limit: no port is open to ring 3 */
} __attribute__((packed));

_Static_assert(sizeof(struct tss) == 0x68, "SDM vol. 3A, figure 7-11");

/* Above everything in .data, in the first 64 KiB of the image. */
static struct tss tss __attribute__((section(".data.tables"), aligned(16)));

/*
 * In 64-bit mode base and limit of code and data are ignored; the bits that
 * count are P, DPL, type, and in code L. Loading a selector sets the descriptor's
 * accessed bit, so the table must be writable.
 */
uint64_t gdt[] __attribute__((section(".data.tables"), aligned(16))) = {
    [KERNEL_CODE / 8] = 0x00209a0000000000,     /* L=1, DPL 0, code, readable */
    [KERNEL_DATA / 8] = 0x0000920000000000,     /* DPL 0, data, writable */
    [USER_DATA / 8] = 0x00cff2000000ffff,       /* DPL 3, data, writable */
    [USER_CODE / 8] = 0x00affa000000ffff,       /* L=1, DPL 3, code, readable */
    [TSS_SELECTOR / 8] = 0, 0,
    [GATE_SELECTOR / 8] = 0, 0,
};

#define DOCUMENTED_USER_CODE 0x00cffa000000ffff  /* L=0, D=1: 32-bit code */
#define DOCUMENTED_USER_DATA 0x00cff2000000ffff

static char ist_stacks[3][8192] __attribute__((aligned(16)));

/* A TSS descriptor is 16 bytes: the base lies in bits 39:16, 63:56 and the second slot's 31:0. */
static void set_tss_descriptor(uint64_t base)
{
    if (flaws.tss)
        base &= ~0xfffful;                      /* bits 31:16 forgotten: garbage where RSP0 should be */
    gdt[TSS_SELECTOR / 8] = (sizeof(struct tss) - 1)
        | (base & 0xffffff) << 16
        | 0x89ul << 40                          /* P=1, DPL 0, type 9: available 64-bit TSS */
        | (base >> 24 & 0xff) << 56;
    gdt[TSS_SELECTOR / 8 + 1] = base >> 32;
}

/* A 64-bit call gate (SDM vol. 3A, 5.8.3.1): where a far call from ring 3 may land in ring 0. */
static void set_call_gate(uint64_t offset)
{
    gdt[GATE_SELECTOR / 8] = (offset & 0xffff)
        | (uint64_t)KERNEL_CODE << 16
        | 0xecul << 40                          /* P=1, DPL 3, type Ch */
        | (offset >> 16 & 0xffff) << 48;
    gdt[GATE_SELECTOR / 8 + 1] = offset >> 32;
}

/*
 * The document's user descriptors. In its own order, code before data, only if
 * STAR is its own too: so each of the two switches shows one fault.
 */
static void set_documented_descriptors(void)
{
    gdt[USER_CODE / 8] = DOCUMENTED_USER_CODE;
    gdt[USER_DATA / 8] = DOCUMENTED_USER_DATA;
    if (flaws.star) {
        gdt[0x18 / 8] = DOCUMENTED_USER_CODE;
        gdt[0x20 / 8] = DOCUMENTED_USER_DATA;
    }
}

void gdt_init(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) gdtr = {sizeof(gdt) - 1, (uint64_t)gdt};

    tss.io_map = sizeof(struct tss);
    for (int i = 0; i < 3; i++)
        tss.ist[i] = (uint64_t)ist_stacks[i + 1];       /* a stack's top is the next one's bottom */
    set_tss_descriptor((uint64_t)&tss);
    set_call_gate((uint64_t)gate_entry);
    if (flaws.gdt)
        set_documented_descriptors();
    asm volatile("lgdt %0" : : "m"(gdtr));      /* boot.S's GDTR holds a physical address */
    asm volatile("lldt %w0" : : "r"(0));        /* none: the reset value reaches into ring 3's memory */
    asm volatile("ltr %w0" : : "r"(TSS_SELECTOR));
}

void tss_set_rsp0(uint64_t rsp)
{
    tss.rsp[0] = rsp;
}
