/* trap.c: what to do about exceptions and interrupts: serve, recover, kill the process, or stop the kernel. */
#include "kernel.h"
#include "msr.h"
#include "segment.h"

enum { VECTOR_DB = 1, VECTOR_NMI = 2, VECTOR_DF = 8, VECTOR_GP = 13, VECTOR_PF = 14, VECTOR_MF = 16, VECTOR_MC = 18, VECTOR_XM = 19 };

#define FIRST_LINE 32           /* pic.c */
#define LINES 16
#define LINE_TIMER 0
#define LINE_COM1 4

static const char *const vector_names[FIRST_LINE] = {
    "#DE divide error", "#DB debug", "NMI", "#BP breakpoint", "#OF overflow", "#BR bound range",
    "#UD invalid opcode", "#NM device not available", "#DF double fault", "coprocessor overrun",
    "#TS invalid TSS", "#NP segment not present", "#SS stack fault", "#GP general protection",
    "#PF page fault", "reserved", "#MF x87 error", "#AC alignment check", "#MC machine check",
    "#XM SIMD error", "#VE virtualization", "#CP control protection", "reserved", "reserved",
    "reserved", "reserved", "reserved", "reserved", "#HV hypervisor injection",
    "#VC VMM communication", "#SX security", "reserved",
};

/* usercopy.S: a fault between the first two labels means that ring 3 gave a bad pointer. */
extern char user_copy_start[], user_copy_end[], user_copy_failed[];

static bool from_user(const struct frame *frame)
{
    return (frame->cs & RPL3) == 3;
}

static bool in_user_copy(const struct frame *frame)
{
    return frame->rip >= (uint64_t)user_copy_start && frame->rip < (uint64_t)user_copy_end;
}

/*
 * Which of the six floating-point errors came, of those that are not masked, and
 * the registers that say so. FSW and MXCSR have their flags in the same order,
 * FCW and MXCSR their masks.
 */
static void print_float_errors(bool x87)
{
    static const char *const names[] = {
        "invalid operation", "denormal operand", "division by zero", "overflow", "underflow", "inexact result",
    };
    static struct fpu_state state;
    const char *separator = " (";

    fpu_save(&state);
    unsigned errors = x87 ? state.fsw & ~state.fcw : state.mxcsr & ~(state.mxcsr >> 7);
    for (size_t i = 0; i < COUNT(names); i++) {
        if (errors >> i & 1) {
            print("%s%s", separator, names[i]);
            separator = ", ";
        }
    }
    if (x87)
        print("), FSW=%04x FCW=%04x", state.fsw, state.fcw);
    else
        print("), MXCSR=%08x", state.mxcsr);
}

/* The registers as they were when the exception came, and the error code in words. */
void dump(const struct frame *frame)
{
    const struct frame *f = frame;

    print("[trap] vector %lu %s, error code %lx", f->vector,
          f->vector < FIRST_LINE ? vector_names[f->vector] : "interrupt", f->error);
    if (f->vector == VECTOR_PF)
        print(" (%s%s by %s%s), CR2=%016lx", f->error & 16 ? "fetch" : f->error & 2 ? "write" : "read",
              f->error & 1 ? " of a present page" : " of a page not present",
              f->error & 4 ? "ring 3" : "ring 0", f->error & 8 ? ", reserved bit set" : "", READ_CR(2));
    if (f->vector == VECTOR_MF || f->vector == VECTOR_XM)
        print_float_errors(f->vector == VECTOR_MF);
    print("\n  CPL %lu  CS:RIP %04lx:%016lx", f->cs & RPL3, f->cs, f->rip);
    print_symbol(f->rip);
    print("  SS:RSP %04lx:%016lx  RFLAGS %08lx\n", f->ss, f->rsp, f->rflags);
    print("  RAX %016lx  RBX %016lx  RCX %016lx  RDX %016lx\n", f->rax, f->rbx, f->rcx, f->rdx);
    print("  RSI %016lx  RDI %016lx  RBP %016lx  CR3 %016lx\n", f->rsi, f->rdi, f->rbp, READ_CR(3));
    print("  R8  %016lx  R9  %016lx  R10 %016lx  R11 %016lx\n", f->r8, f->r9, f->r10, f->r11);
    print("  R12 %016lx  R13 %016lx  R14 %016lx  R15 %016lx\n", f->r12, f->r13, f->r14, f->r15);
}

/* The 8259 is told first: schedule_tick may go to another process and not come back for long. */
static void interrupt(int line, bool user)
{
    pic_end(line);
    if (line == LINE_TIMER) {
        timer_measure();
        schedule_tick(user);
    } else if (line == LINE_COM1) {
        input_interrupt();
    }
}

static bool page_fault(struct frame *frame)
{
    uint64_t address = READ_CR(2);

    if (!from_user(frame) && !in_user_copy(frame))
        return false;
    if (cpu.current && memory_fault(&cpu.current->memory, address, frame->error))
        return true;
    if (from_user(frame))
        return false;
    frame->rip = (uint64_t)user_copy_failed;
    return true;
}

/* trap_entry.S calls this with interrupts off; returning resumes at `frame`. */
void trap(struct frame *frame)
{
    if (frame->vector == SYSCALL_INTERRUPT)
        return syscall_dispatch(frame);
    if (frame->vector >= FIRST_LINE && frame->vector < FIRST_LINE + LINES)
        return interrupt((int)frame->vector - FIRST_LINE, from_user(frame));
    if (frame->vector == VECTOR_APIC_TIMER) {
        timer_apic_end();
        return schedule_tick(from_user(frame));
    }
    if (frame->vector == VECTOR_NMI || frame->vector == VECTOR_APIC_SPURIOUS)
        return;                 /* nothing is wired to the one; the other wants no end of interrupt */
    if (frame->vector == VECTOR_PF && page_fault(frame))
        return;
    if (frame->vector == VECTOR_DB && frame->rip == (uint64_t)gate_entry) {
        frame->rflags &= ~(uint64_t)RFLAGS_TF;  /* a far call through a gate keeps ring 3's TF */
        return;
    }
    dump(frame);
    if (from_user(frame) && frame->vector != VECTOR_DF && frame->vector != VECTOR_MC)
        process_kill(EXIT_KILLED + (int)frame->vector, vector_names[frame->vector]);
    panic("exception in the kernel");
}

/* syscall_entry.S: RCX would make SYSRETQ fault in ring 0. */
void user_return_not_canonical(struct frame *frame)
{
    print("[user] return address %016lx is not canonical\n", frame->rip);
    process_kill(EXIT_KILLED + VECTOR_GP, vector_names[VECTOR_GP]);
}
