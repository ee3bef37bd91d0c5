/* power.c: the ways to switch the machine off. */
#include "kernel.h"

#define ACPI_PM1A_CONTROL 0x604     /* QEMU */
#define BOCHS_POWER 0xb004          /* Bochs and old QEMU */
#define DEBUG_EXIT 0xf4             /* QEMU's isa-debug-exit: status 2 * code + 1 */
#define SLEEP_ENABLE_S5 0x2000

/* Does not return, even where none of the ports is there. */
void power_off(int code)
{
    char value[8];

    if (option("debug-exit", value, sizeof(value)))
        outb(DEBUG_EXIT, (uint8_t)code);
    outw(ACPI_PM1A_CONTROL, SLEEP_ENABLE_S5);
    outw(BOCHS_POWER, SLEEP_ENABLE_S5);
    for (;;)
        asm volatile("cli; hlt");
}
