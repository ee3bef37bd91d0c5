/* documented.c: what the document's own system call stub calls, and its ring 0 test. */
#include "kernel.h"

/*
 * documented_entry.S calls this on nk_boot_stack, with ring 3's GS. The document
 * has two calls, and no frame to give to any other.
 */
int64_t documented_handler(uint64_t number, uint64_t a1, uint64_t a2, uint64_t a3)
{
    struct frame frame = {.rax = number, .rdi = a1, .rsi = a2, .rdx = a3};

    print("[KERNEL] Syscall %lu args: %lX %lX %lX\n", number, a1, a2, a3);
    if (number == SYS_exit && !cpu.current) {
        print("[USER] Process exited with code: %d\n", (int)a1);
        process_start_init();   /* where the document halts; next it tried ring 3 */
    }
    if (number == SYS_exit)
        asm volatile("swapgs");             /* we stay: the next process's exit will swap back */
    if (number != SYS_write && number != SYS_exit)
        return -ENOSYS;
    syscall_dispatch(&frame);
    return (int64_t)frame.rax;
}

/*
 * SYSCALL in ring 0: it does not look at CPL. The stub takes nk_boot_stack from
 * its top, over the frames of kernel_main, which are in use.
 */
void ring0_test(void)
{
    print("[TEST] SYSCALL from ring 0 (should halt)...\n");
    asm volatile("syscall" : : "a"(SYS_exit), "D"(0) : "rcx", "r11", "memory");
}
