/*
 * syscall_entry.S: ring 3 enters by SYSCALL and leaves by SYSRETQ or IRETQ.
 */
#include "frame.h"
#include "segment.h"

/*
 * syscall_entry: SYSCALL in ring 3 jumps here (IA32_LSTAR). The CPU has put the
 * return address in RCX and RFLAGS in R11, cleared the flags of IA32_FMASK
 * (interrupts are off) and set CPL to 0. It has changed neither RSP nor GS: both
 * are still what ring 3 chose, so nothing may touch the stack or GS-relative
 * memory before the first three instructions have run.
 */
    .section .text.entry, "ax"
    .globl syscall_entry
syscall_entry:
    swapgs                          # GS base <-> IA32_KERNEL_GS_BASE: per-CPU data
    movq %rsp, %gs:CPU_USER_RSP     # SYSCALL saves no RSP
    movq %gs:CPU_KERNEL_RSP, %rsp   # SYSCALL loads none either: it does not read the TSS

    pushq $(USER_DATA | RPL3)       # from here on: the frame of frame.h
    pushq %gs:CPU_USER_RSP
    pushq %r11                      # user RFLAGS
    pushq $(USER_CODE | RPL3)
    pushq %rcx                      # user RIP
    pushq $0
    pushq $VECTOR_SYSCALL
    PUSH_REGISTERS
    movq %rsp, %rdi
    call syscall_dispatch
    /* falls through */

/*
 * return_to_user: every way back ends here, with RSP at a frame and interrupts
 * off. A frame made by SYSCALL leaves by SYSRETQ, which restores everything but
 * RCX and R11 (which it consumes); any other by IRETQ.
 */
    .globl return_to_user
return_to_user:
    testb $RPL3, FRAME_CS(%rsp)
    jz return_by_iretq              # an interrupt that came while ring 0 was waiting

    /*
     * RIP may be 2^47, the address after the lower half's last byte. It is not
     * canonical: bits 63:47 are not all alike. On Intel, SYSRETQ and IRETQ raise
     * #GP for it while still at CPL 0, and SYSRETQ after RSP has been given back
     * to ring 3: the handler would run in ring 0 on a stack of ring 3's choosing.
     */
    testb $1, flaws + FLAWS_CANONICAL_CHECK
    jnz 1f
    movq FRAME_RIP(%rsp), %rax
    sarq $47, %rax
    addq $1, %rax                   # 0 or 1 if canonical
    cmpq $1, %rax
    ja not_canonical
1:  cmpq $VECTOR_SYSCALL, FRAME_VECTOR(%rsp)
    jne return_by_iretq

    POP_REGISTERS
    movq (FRAME_RIP - FRAME_VECTOR)(%rsp), %rcx
    movq (FRAME_RFLAGS - FRAME_VECTOR)(%rsp), %r11
    movq (FRAME_RSP - FRAME_VECTOR)(%rsp), %rsp
    swapgs                          # ring 3's GS back; the last use of ours is past
    sysretq                         # CS = STAR[63:48]+16, SS = STAR[63:48]+8, RPL 3, CPL 3

return_by_iretq:
    POP_REGISTERS
    addq $16, %rsp                  # vector and error code
    testb $RPL3, 8(%rsp)            # CS on top of RIP: SWAPGS only when leaving for ring 3
    jz 1f
    swapgs
1:  iretq                           # reads the descriptors of CS and SS, unlike SYSRETQ

not_canonical:
    movq %rsp, %rdi
    call user_return_not_canonical  # does not return
