/* idt.c: the interrupt descriptor table: 16-byte gates (SDM vol. 3A, 6.14.1). */
#include "kernel.h"
#include "segment.h"

#define INTERRUPT_GATE 0x8e     /* P=1, DPL 0, type Eh: IF is cleared on the way in */
#define USER_GATE 0xee          /* the same with DPL 3: INT n in ring 3 may use it */
#define STUBS 50                /* exceptions, the two 8259s, the local APIC */
#define VECTORS (SYSCALL_INTERRUPT + 1)

struct gate {
    uint16_t offset_low, selector;
    uint8_t ist, type;
    uint16_t offset_middle;
    uint32_t offset_high, reserved;
};

extern uint64_t vector_table[STUBS];    /* trap_entry.S */
extern void interrupt_entry(void);          /* doors.S */
static struct gate idt[VECTORS];

static void set_gate(int vector, uint64_t offset, uint8_t type, uint8_t ist)
{
    idt[vector] = (struct gate){
        .offset_low = (uint16_t)offset,
        .selector = KERNEL_CODE,
        .ist = ist,
        .type = type,
        .offset_middle = (uint16_t)(offset >> 16),
        .offset_high = (uint32_t)(offset >> 32),
    };
}

/*
 * A fault on a bad kernel stack becomes #DF, and NMI and #MC may come while
 * SYSCALL's stub still stands on ring 3's stack: these three get a known good one.
 */
static uint8_t ist_of(int vector)
{
    return vector == 8 ? IST_DOUBLE_FAULT : vector == 2 ? IST_NMI : vector == 18 ? IST_MACHINE_CHECK : 0;
}

/* INT3 and INTO, like INT n, are #GP when the gate's DPL is less than CPL. */
static bool is_for_ring3(int vector)
{
    return vector == 3 || vector == 4;
}

void idt_init(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) idtr = {sizeof(idt) - 1, (uint64_t)idt};

    for (int vector = 0; vector < STUBS; vector++)
        set_gate(vector, vector_table[vector], is_for_ring3(vector) ? USER_GATE : INTERRUPT_GATE, ist_of(vector));
    set_gate(SYSCALL_INTERRUPT, (uint64_t)interrupt_entry, USER_GATE, 0);
    asm volatile("lidt %0" : : "m"(idtr));
}
