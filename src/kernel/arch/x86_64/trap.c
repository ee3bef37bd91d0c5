/* trap.c: what to do about an exception: recover, kill the process, or stop the kernel. */
#include "kernel.h"
#include "segment.h"

#define PAGE_FAULT 14

static const char *const vector_names[32] = {
    "#DE divide error", "#DB debug", "NMI", "#BP breakpoint", "#OF overflow", "#BR bound range",
    "#UD invalid opcode", "#NM device not available", "#DF double fault", "coprocessor overrun",
    "#TS invalid TSS", "#NP segment not present", "#SS stack fault", "#GP general protection",
    "#PF page fault", "reserved", "#MF x87 error", "#AC alignment check", "#MC machine check",
    "#XM SIMD error", "#VE virtualization", "#CP control protection", "reserved", "reserved",
    "reserved", "reserved", "reserved", "reserved", "#HV hypervisor injection",
    "#VC VMM communication", "#SX security", "reserved",
};

static bool from_user(const struct frame *frame)
{
    return (frame->cs & RPL3) == 3;
}

/* The registers as they were when the exception came, and the error code in words. */
void dump(const struct frame *frame)
{
    const struct frame *f = frame;

    print("[trap] vector %lu %s, error code %lx", f->vector,
          f->vector < 32 ? vector_names[f->vector] : "interrupt", f->error);
    if (f->vector == PAGE_FAULT)
        print(" (%s%s by %s%s), CR2=%016lx", f->error & 16 ? "fetch" : f->error & 2 ? "write" : "read",
              f->error & 1 ? " of a present page" : " of a page not present",
              f->error & 4 ? "ring 3" : "ring 0", f->error & 8 ? ", reserved bit set" : "", READ_CR(2));
    print("\n  CPL %lu  CS:RIP %04lx:%016lx  SS:RSP %04lx:%016lx  RFLAGS %08lx\n",
          f->cs & RPL3, f->cs, f->rip, f->ss, f->rsp, f->rflags);
    print("  RAX %016lx  RBX %016lx  RCX %016lx  RDX %016lx\n", f->rax, f->rbx, f->rcx, f->rdx);
    print("  RSI %016lx  RDI %016lx  RBP %016lx  CR3 %016lx\n", f->rsi, f->rdi, f->rbp, READ_CR(3));
    print("  R8  %016lx  R9  %016lx  R10 %016lx  R11 %016lx\n", f->r8, f->r9, f->r10, f->r11);
    print("  R12 %016lx  R13 %016lx  R14 %016lx  R15 %016lx\n", f->r12, f->r13, f->r14, f->r15);
}

/* usercopy.S: a fault between these two labels means that ring 3 gave a bad pointer. */
extern char user_copy_start[], user_copy_end[], user_copy_failed[];

void trap(struct frame *frame)
{
    if (from_user(frame)) {
        dump(frame);
        process_kill(frame);
    }
    if (frame->vector == PAGE_FAULT && frame->rip >= (uint64_t)user_copy_start
        && frame->rip < (uint64_t)user_copy_end) {
        frame->rip = (uint64_t)user_copy_failed;
        return;
    }
    dump(frame);
    panic("exception in the kernel");
}

/* syscall_entry.S: RCX would make SYSRETQ fault in ring 0. */
void user_return_not_canonical(struct frame *frame)
{
    print("[user] pid %d %s: would return to %016lx, which is not canonical\n",
          cpu.current->pid, cpu.current->name, frame->rip);
    process_kill(frame);
}
