/* main.c: from the boot loader's hands to the first process. */
#include "kernel.h"
#include "msr.h"

struct cpu cpu;

static void read_cpuid(void)
{
    uint32_t out[4];

    cpuid(0x80000001, 0, out);
    cpu.nx = out[3] >> 20 & 1;
    cpuid(0, 0, out);
    if (out[0] >= 7) {
        cpuid(7, 0, out);
        cpu.smep = out[1] >> 7 & 1;
        cpu.smap = out[1] >> 20 & 1;
    }
}

/* boot.S calls this in long mode, in the higher half, on nk_boot_stack. */
void kernel_main(uint32_t magic, uint32_t info)
{
    console_init();
    multiboot_init(magic, info);
    flaws_init();
    print("Emergence kernel, ");
    flaws_print();
    print(", %lu MiB\n", (memory_end() + 0xfffff) >> 20);
    read_cpuid();
    fpu_init();
    vm_init();
    gdt_init();
    idt_init();
    pic_init();
    syscall_init();
    timer_init();
    console_enable_interrupt();
    if (flaws.documented)
        ring0_test();
    process_start_init();
}
