/* idt.c: the interrupt descriptor table: 16-byte gates (SDM vol. 3A, 6.14.1). */
#include "kernel.h"
#include "segment.h"

#define INTERRUPT_GATE 0x8e     /* P=1, DPL 0, type Eh: IF is cleared on the way in */
#define VECTORS 48

struct gate {
    uint16_t offset_low, selector;
    uint8_t ist, type;
    uint16_t offset_middle;
    uint32_t offset_high, reserved;
};

extern uint64_t vector_table[VECTORS];      /* trap_entry.S */
static struct gate idt[VECTORS];

static void set_gate(int vector, uint64_t offset, uint8_t type)
{
    idt[vector] = (struct gate){
        .offset_low = (uint16_t)offset,
        .selector = KERNEL_CODE,
        .type = type,
        .offset_middle = (uint16_t)(offset >> 16),
        .offset_high = (uint32_t)(offset >> 32),
    };
}

void idt_init(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) idtr = {sizeof(idt) - 1, (uint64_t)idt};

    for (int vector = 0; vector < VECTORS; vector++)
        set_gate(vector, vector_table[vector], INTERRUPT_GATE);
    asm volatile("lidt %0" : : "m"(idtr));
}
