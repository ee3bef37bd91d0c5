/*
 * documented_entry.S: the SYSCALL stubs of the flaw switches `entry=documented`
 * and `save-rcx=0`. Wrong on purpose: README.md says why.
 */
#include "frame.h"
#include "segment.h"

/*
 * syscall_entry_lossy: syscall_entry, except that nobody keeps RCX and R11, in
 * which SYSCALL left the return address and RFLAGS. C may use both registers, so
 * SYSRETQ goes where the last computation happened to point.
 */
    .text
    .globl syscall_entry_lossy
syscall_entry_lossy:
    swapgs
    movq %rsp, %gs:CPU_USER_RSP
    movq %gs:CPU_KERNEL_RSP, %rsp
    pushq $(USER_DATA | RPL3)
    pushq %gs:CPU_USER_RSP
    pushq $0                        # RFLAGS: lost
    pushq $(USER_CODE | RPL3)
    pushq $0                        # RIP: lost
    pushq $0
    pushq $VECTOR_SYSCALL
    PUSH_REGISTERS
    movq %rsp, %rdi
    call syscall_dispatch
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    addq $8, %rsp                   # not R11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    addq $8, %rsp                   # not RCX
    popq %rdx
    popq %rsi
    popq %rdi
    movq (FRAME_RSP - FRAME_VECTOR)(%rsp), %rsp
    swapgs
    sysretq

/*
 * documented_entry: the document's stub. The pushes go to an address that ring 3
 * chose, with ring 0's rights; then RSP becomes the same fixed stack top for
 * everyone, whoever may be using that stack already.
 */
    .macro DOCUMENTED_ENTRY save_rcx
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    .if \save_rcx
    pushq %rcx
    pushq %r11
    .endif
    movq %rsp, %r15                 # C preserves R15
    movq $nk_boot_stack_top, %rsp
    movq %rdx, %r8                  # number and three arguments, shuffled for C
    movq %rsi, %rdx
    movq %rdi, %rsi
    movq %rax, %rdi
    movq %r8, %rcx
    call documented_handler
    movq %r15, %rsp
    .if \save_rcx
    popq %r11
    popq %rcx
    .endif
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    sysretq
    .endm

    .globl documented_entry, documented_entry_lossy
documented_entry:
    DOCUMENTED_ENTRY save_rcx=1
documented_entry_lossy:
    DOCUMENTED_ENTRY save_rcx=0
