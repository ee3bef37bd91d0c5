/*
 * timer.c: interrupts TICKS_PER_SECOND times a second: from channel 0 of the 8254
 * on line 0 at first, and from the local APIC's timer as soon as the 8254 has
 * shown how fast that one counts. `timer=8254` and `timer=off` on the command line
 * stop before that, or before anything.
 */
#include "kernel.h"
#include "msr.h"

#define CHANNEL0 0x40
#define COMMAND  0x43
#define CHANNEL0_BOTH_BYTES_MODE2 0x34
#define INPUT_HZ 1193182

/* Registers of the local APIC (SDM vol. 3A, 10.4), by byte offset. */
#define APIC_VERSION 0x30
#define APIC_END     0xb0
#define APIC_SPURIOUS 0xf0
#define APIC_TIMER   0x320
#define APIC_INITIAL 0x380
#define APIC_CURRENT 0x390
#define APIC_DIVIDE  0x3e0

#define APIC_ENABLE  (1 << 8)
#define TIMER_MASKED (1 << 16)
#define TIMER_PERIODIC (1 << 17)
#define DIVIDE_BY_16 3
#define BASE_ENABLED (1 << 11)
#define MEASURED_TICKS 4

static volatile uint32_t *apic;         /* NULL: there is none, or it is not wanted */
static int measured;                    /* ticks of the 8254 since the APIC began to count */

static uint32_t apic_read(int offset)
{
    return apic[offset / 4];
}

static void apic_write(int offset, uint32_t value)
{
    apic[offset / 4] = value;
}

static void find_apic(void)
{
    uint64_t base;
    uint32_t out[4];

    cpuid(1, 0, out);
    if (!(out[3] >> 9 & 1))
        return;
    base = rdmsr(IA32_APIC_BASE);
    if (!(base & BASE_ENABLED))
        return;
    apic = vm_map_device(base & PTE_ADDRESS);
    if (apic_read(APIC_VERSION) == 0 || apic_read(APIC_VERSION) == 0xffffffff) {
        apic = NULL;                    /* CPUID promised what is not there */
        return;
    }
    apic_write(APIC_SPURIOUS, APIC_ENABLE | VECTOR_APIC_SPURIOUS);
    apic_write(APIC_DIVIDE, DIVIDE_BY_16);
    apic_write(APIC_TIMER, TIMER_MASKED);
}

void timer_init(void)
{
    uint16_t divisor = INPUT_HZ / TICKS_PER_SECOND;
    char choice[8] = "";

    option("timer", choice, sizeof(choice));
    if (same(choice, "off"))
        return;
    if (!same(choice, "8254"))
        find_apic();
    outb(COMMAND, CHANNEL0_BOTH_BYTES_MODE2);
    outb(CHANNEL0, (uint8_t)divisor);
    outb(CHANNEL0, (uint8_t)(divisor >> 8));
    pic_unmask(0);
}

/* At each tick of the 8254: lets the APIC count for a few ticks, then hands over to it. */
void timer_measure(void)
{
    if (!apic)
        return;
    if (measured++ == 0) {
        apic_write(APIC_INITIAL, 0xffffffff);
    } else if (measured > MEASURED_TICKS) {
        uint32_t counted = 0xffffffff - apic_read(APIC_CURRENT);
        if (counted < MEASURED_TICKS)
            return;                     /* it does not count: stay with the 8254 */
        pic_mask(0);
        apic_write(APIC_TIMER, TIMER_PERIODIC | VECTOR_APIC_TIMER);
        apic_write(APIC_INITIAL, counted / MEASURED_TICKS);
    }
}

void timer_apic_end(void)
{
    apic_write(APIC_END, 0);
}
