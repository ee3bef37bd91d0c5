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
};

/* A TSS descriptor is 16 bytes: the base lies in bits 39:16, 63:56 and the second slot's 31:0. */
static void set_tss_descriptor(uint64_t base)
{
    gdt[TSS_SELECTOR / 8] = (sizeof(struct tss) - 1)
        | (base & 0xffffff) << 16
        | 0x89ul << 40                          /* P=1, DPL 0, type 9: available 64-bit TSS */
        | (base >> 24 & 0xff) << 56;
    gdt[TSS_SELECTOR / 8 + 1] = base >> 32;
}

void gdt_init(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) gdtr = {sizeof(gdt) - 1, (uint64_t)gdt};

    tss.io_map = sizeof(struct tss);
    set_tss_descriptor((uint64_t)&tss);
    asm volatile("lgdt %0" : : "m"(gdtr));      /* boot.S's GDTR holds a physical address */
    asm volatile("ltr %w0" : : "r"(TSS_SELECTOR));
}

void tss_set_rsp0(uint64_t rsp)
{
    tss.rsp[0] = rsp;
}
