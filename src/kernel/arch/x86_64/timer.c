/* timer.c: channel 0 of the 8254 interrupts TICKS_PER_SECOND times a second, on line 0. */
#include "kernel.h"

#define CHANNEL0 0x40
#define COMMAND  0x43
#define CHANNEL0_BOTH_BYTES_MODE2 0x34
#define INPUT_HZ 1193182

void timer_init(void)
{
    uint16_t divisor = INPUT_HZ / TICKS_PER_SECOND;

    outb(COMMAND, CHANNEL0_BOTH_BYTES_MODE2);
    outb(CHANNEL0, (uint8_t)divisor);
    outb(CHANNEL0, (uint8_t)(divisor >> 8));
    pic_unmask(0);
}
