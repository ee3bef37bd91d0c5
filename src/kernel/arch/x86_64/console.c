/* console.c: the 16550 UART at COM1, 115200 baud, 8N1. */
#include "kernel.h"

#define COM1 0x3f8
#define THR (COM1 + 0)      /* write: transmitter holding register */
#define RBR (COM1 + 0)      /* read: receiver buffer */
#define IER (COM1 + 1)
#define FCR (COM1 + 2)
#define LCR (COM1 + 3)
#define MCR (COM1 + 4)
#define LSR (COM1 + 5)
#define DLL (COM1 + 0)      /* with LCR.DLAB: the divisor */
#define DLM (COM1 + 1)

#define LCR_8N1  0x03
#define LCR_DLAB 0x80
#define MCR_DTR_RTS_OUT2 0x0b   /* OUT2 lets the UART's interrupt reach the 8259 */
#define IER_RECEIVED 0x01
#define LSR_DATA 0x01
#define LSR_THRE 0x20           /* transmitter holding register empty */

void console_init(void)
{
    outb(IER, 0);
    outb(LCR, LCR_DLAB);
    outb(DLL, 1);               /* 115200 / 1 */
    outb(DLM, 0);
    outb(LCR, LCR_8N1);
    outb(FCR, 0);               /* turning the FIFOs on would drop a byte already received */
    outb(MCR, MCR_DTR_RTS_OUT2);
}

void console_putc(char c)
{
    while (!(inb(LSR) & LSR_THRE))
        ;
    outb(THR, (uint8_t)c);
}

/* The next byte received, or -1. */
int console_getc(void)
{
    return inb(LSR) & LSR_DATA ? inb(RBR) : -1;
}

void console_enable_interrupt(void)
{
    outb(IER, IER_RECEIVED);
    pic_unmask(4);
}
