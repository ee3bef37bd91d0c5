# Fork: one SYSCALL, two returns. The child sees 0 in RAX, the parent the child's
# number; each has page tables of its own (compare CR3 in the two).
#include "syscall.h"

    .text
    .globl _start
_start:
    movq $SYS_fork, %rax
    syscall
    testq %rax, %rax
    jz child

    movq %rax, %rdi                 # wait for the child
    movq $SYS_waitpid, %rax
    xorl %esi, %esi
    syscall
    leaq parent_text(%rip), %rsi
    movq $parent_length, %rdx
    jmp say
child:
    leaq child_text(%rip), %rsi
    movq $child_length, %rdx
say:
    movq $SYS_write, %rax
    movq $1, %rdi
    syscall
    movq $SYS_exit, %rax
    xorl %edi, %edi
    syscall

    .section .rodata
child_text:
    .ascii "child: RAX was 0\n"
    .set child_length, . - child_text
parent_text:
    .ascii "parent: the child has ended\n"
    .set parent_length, . - parent_text
