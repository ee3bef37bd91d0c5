/*
 * switch.S: from one process's kernel stack to another's.
 */
#include "frame.h"

/*
 * switch_stacks(save, load): called by schedule() with interrupts off. Pushes
 * what the C calling convention says a call preserves, stores RSP at `save`,
 * takes `load` as RSP and returns there: in another process's call of this
 * function, or at first_return.
 *
 * The segment selectors are ring 3's, which may load them with any value that
 * fits; the kernel uses none of DS, ES, FS. Loading GS would replace the base of
 * the kernel's GS, so SWAPGS puts that aside first.
 */
    .text
    .globl switch_stacks
switch_stacks:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movl %ds, %eax
    pushq %rax
    movl %es, %eax
    pushq %rax
    movl %fs, %eax
    pushq %rax
    movl %gs, %eax
    pushq %rax

    movq %rsp, (%rdi)
    movq %rsi, %rsp

    popq %rax
    swapgs
    movl %eax, %gs
    swapgs
    popq %rax
    movl %eax, %fs
    popq %rax
    movl %eax, %es
    popq %rax
    movl %eax, %ds
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

/*
 * first_return: where a new process's first switch_stacks returns to: RSP is at
 * the frame of its first registers, which process.c has put there.
 */
    .globl first_return
first_return:
    call schedule_started
    jmp return_to_user
