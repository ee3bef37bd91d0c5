/* syscall.c: the four MSRs, and the table from number to function. */
#include "kernel.h"
#include "msr.h"
#include "segment.h"

#define FMASK (RFLAGS_AC | RFLAGS_NT | RFLAGS_DF | RFLAGS_IF | RFLAGS_TF)
#define DOCUMENTED_FMASK RFLAGS_IF
#define STDIN 0
#define STDOUT 1
#define STDERR 2
#define MAX_WRITE 0x4000        /* bytes at a time: interrupts are off while we print */

static uint64_t entry_point(void)
{
    if (flaws.entry)
        return (uint64_t)(flaws.save_rcx ? documented_entry_lossy : documented_entry);
    return (uint64_t)(flaws.save_rcx ? syscall_entry_lossy : syscall_entry);
}

/*
 * SYSCALL is #UD until EFER.SCE is 1. STAR[47:32] is where it takes the kernel's
 * CS and SS from, STAR[63:48] where SYSRET counts from; the low half of STAR and
 * CSTAR are for 32-bit callers, which have no door here.
 */
void syscall_init(void)
{
    uint64_t sysret_base = flaws.star ? DOCUMENTED_STAR_SYSRET_BASE : STAR_SYSRET_BASE;
    uint64_t syscall_base = flaws.star ? DOCUMENTED_STAR_SYSCALL_BASE : STAR_SYSCALL_BASE;

    wrmsr(IA32_EFER, rdmsr(IA32_EFER) | EFER_SCE);
    wrmsr(IA32_STAR, sysret_base << 48 | syscall_base << 32);
    wrmsr(IA32_LSTAR, entry_point());
    wrmsr(IA32_FMASK, flaws.fmask ? DOCUMENTED_FMASK : FMASK);
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
    uint64_t count = frame->rdx < MAX_WRITE ? frame->rdx : MAX_WRITE;
    char chunk[64];

    if (frame->rdi != STDOUT && frame->rdi != STDERR)
        return -EBADF;
    for (uint64_t done = 0; done < count;) {
        size_t n = count - done < sizeof(chunk) ? count - done : sizeof(chunk);
        if (!copy_from_user(chunk, frame->rsi + done, n))
            return done > 0 ? (int64_t)done : -EFAULT;
        for (size_t i = 0; i < n; i++)
            console_putc(chunk[i]);
        done += n;
    }
    return (int64_t)count;
}

static int64_t sys_exit(struct frame *frame)
{
    process_exit((int)frame->rdi);
}

static int64_t sys_read(struct frame *frame)
{
    return frame->rdi == STDIN ? input_read(frame->rsi, frame->rdx) : -EBADF;
}

static int64_t sys_mmap(struct frame *frame)
{
    return memory_mmap(&cpu.current->memory, frame->rdi, frame->rsi, frame->rdx);
}

static int64_t sys_munmap(struct frame *frame)
{
    return memory_munmap(&cpu.current->memory, frame->rdi, frame->rsi);
}

static int64_t sys_brk(struct frame *frame)
{
    return memory_brk(&cpu.current->memory, frame->rdi);
}

static int64_t sys_getpid(struct frame *frame)
{
    (void)frame;
    return cpu.current->pid;
}

static int64_t sys_yield(struct frame *frame)
{
    (void)frame;
    cpu.current->state = READY;
    schedule();
    return 0;
}

static int64_t sys_fork(struct frame *frame)
{
    return process_fork(frame);
}

static int64_t sys_waitpid(struct frame *frame)
{
    int code = 0;
    int64_t pid = process_wait((int64_t)frame->rdi, &code);

    if (pid > 0 && frame->rsi && !copy_to_user(frame->rsi, &code, sizeof(code)))
        return -EFAULT;
    return pid;
}

static int64_t sys_exec(struct frame *frame)
{
    char line[LINE_SIZE];
    int64_t length = copy_line_from_user(line, frame->rdi);

    return length < 0 ? length : process_exec(frame, line);
}

static int64_t sys_sleep(struct frame *frame)
{
    uint64_t tick = 1000 / TICKS_PER_SECOND;

    if (frame->rdi == 0)
        return sys_yield(frame);
    sleep_on(NULL, ticks + frame->rdi / tick + 1);
    return 0;
}

static int64_t sys_uptime(struct frame *frame)
{
    (void)frame;
    return (int64_t)(ticks * 1000 / TICKS_PER_SECOND);
}

static int64_t sys_info(struct frame *frame)
{
    return process_info(frame->rdi, frame->rsi, frame->rdx);
}

static int64_t sys_return_by(struct frame *frame)
{
    if (frame->rdi > RETURN_IRETQ)
        return -EINVAL;
    cpu.current->return_by_iretq = frame->rdi == RETURN_IRETQ;
    return 0;
}

static int64_t (*const table[SYS_COUNT])(struct frame *) = {
    [SYS_write] = sys_write,
    [SYS_exit] = sys_exit,
    [SYS_read] = sys_read,
    [SYS_mmap] = sys_mmap,
    [SYS_munmap] = sys_munmap,
    [SYS_brk] = sys_brk,
    [SYS_getpid] = sys_getpid,
    [SYS_yield] = sys_yield,
    [SYS_fork] = sys_fork,
    [SYS_waitpid] = sys_waitpid,
    [SYS_exec] = sys_exec,
    [SYS_sleep] = sys_sleep,
    [SYS_uptime] = sys_uptime,
    [SYS_info] = sys_info,
    [SYS_return_by] = sys_return_by,
};

/* Every door calls this with interrupts off, on the process's kernel stack. */
void syscall_dispatch(struct frame *frame)
{
    uint64_t number = frame->rax;

    if (number < SYS_COUNT && table[number])
        frame->rax = (uint64_t)table[number](frame);
    else
        frame->rax = (uint64_t)-ENOSYS;
    if (cpu.current->return_by_iretq)
        frame->vector = SYSCALL_INTERRUPT;
}
