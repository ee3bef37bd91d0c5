# Page faults, wanted and unwanted: the first touch of a new stack page is repaired
# by the kernel and goes unnoticed; a write to read-only data is not.
#include "syscall.h"

    .text
    .globl _start
_start:
    movq %rsp, -8192(%rsp)          # two pages below the stack's top: the kernel adds it

    movq $SYS_write, %rax
    movq $1, %rdi
    leaq message(%rip), %rsi
    movq $message_length, %rdx
    syscall

    movb $'!', message(%rip)        # #PF: W=0 in the page's entry. The program ends here

    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall

    .section .rodata
message:
    .ascii "the stack grew by a page fault\n"
    .set message_length, . - message
