/* syscall.c: the four MSRs, the table of system calls, and write and exit. */
#include "kernel.h"
#include "msr.h"
#include "segment.h"
#include "syscall.h"

#define FMASK (RFLAGS_AC | RFLAGS_NT | RFLAGS_DF | RFLAGS_IF | RFLAGS_TF)
#define STDOUT 1
#define STDERR 2

/*
 * SYSCALL is #UD until EFER.SCE is 1. STAR[47:32] is where it takes the kernel's
 * CS and SS from, STAR[63:48] where SYSRET counts from; the low half of STAR and
 * CSTAR are for 32-bit callers, which have no door here.
 */
void syscall_init(void)
{
    wrmsr(IA32_EFER, rdmsr(IA32_EFER) | EFER_SCE);
    wrmsr(IA32_STAR, (uint64_t)STAR_SYSRET_BASE << 48 | (uint64_t)STAR_SYSCALL_BASE << 32);
    wrmsr(IA32_LSTAR, (uint64_t)syscall_entry);
    wrmsr(IA32_FMASK, FMASK);
    /* The kernel's side of SWAPGS: ring 3 will have the other value, which is 0. */
    wrmsr(IA32_GS_BASE, (uint64_t)&cpu);
    wrmsr(IA32_KERNEL_GS_BASE, 0);

    uint64_t star = rdmsr(IA32_STAR);
    print("[syscall] EFER.SCE=%lu STAR=%04lx_%04lx_%04lx_%04lx LSTAR=%lx FMASK=%lx\n",
          rdmsr(IA32_EFER) & EFER_SCE, star >> 48, star >> 32 & 0xffff, star >> 16 & 0xffff, star & 0xffff,
          rdmsr(IA32_LSTAR), rdmsr(IA32_FMASK));
}

static int64_t sys_write(struct frame *frame)
{
    uint64_t buffer = frame->rsi, left = frame->rdx;
    char chunk[64];

    if (frame->rdi != STDOUT && frame->rdi != STDERR)
        return -EBADF;
    while (left > 0) {
        size_t n = left < sizeof(chunk) ? left : sizeof(chunk);
        if (!copy_from_user(chunk, buffer, n))
            return -EFAULT;
        for (size_t i = 0; i < n; i++)
            console_putc(chunk[i]);
        buffer += n;
        left -= n;
    }
    return (int64_t)frame->rdx;
}

static int64_t sys_exit(struct frame *frame)
{
    process_exit((int)frame->rdi);
}

static int64_t (*const table[])(struct frame *) = {
    [SYS_write] = sys_write,
    [SYS_exit] = sys_exit,
};

/* syscall_entry.S calls this with interrupts off, on the process's kernel stack. */
void syscall_dispatch(struct frame *frame)
{
    uint64_t number = frame->rax;
    bool known = number < COUNT(table) && table[number];

    frame->rax = (uint64_t)(known ? table[number](frame) : -ENOSYS);
}
