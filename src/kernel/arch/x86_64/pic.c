/*
 * pic.c: the two 8259 interrupt controllers. The firmware leaves them at vectors
 * 8 to 15, where they could not be told from exceptions; move them to 32 to 47
 * and let nothing through.
 */
#include "kernel.h"

#define MASTER 0x20
#define SLAVE  0xa0
#define ICW1_INIT_ICW4 0x11
#define ICW4_8086 0x01
#define EOI 0x20            /* OCW2: non-specific end of interrupt */

void pic_init(void)
{
    outb(MASTER, ICW1_INIT_ICW4);
    outb(SLAVE, ICW1_INIT_ICW4);
    outb(MASTER + 1, 32);       /* ICW2: vector base */
    outb(SLAVE + 1, 40);
    outb(MASTER + 1, 1 << 2);   /* ICW3: the slave hangs on line 2 */
    outb(SLAVE + 1, 2);
    outb(MASTER + 1, ICW4_8086);
    outb(SLAVE + 1, ICW4_8086);
    outb(MASTER + 1, 0xff);     /* OCW1: mask every line */
    outb(SLAVE + 1, 0xff);
}

void pic_mask(int line)
{
    outb(MASTER + 1, inb(MASTER + 1) | (uint8_t)(1 << line));
}

void pic_unmask(int line)
{
    outb(MASTER + 1, inb(MASTER + 1) & (uint8_t)~(1 << line));
}

/* End of interrupt: until then the 8259 holds back this line and all after it. */
void pic_end(int line)
{
    if (line >= 8)
        outb(SLAVE, EOI);
    outb(MASTER, EOI);
}
