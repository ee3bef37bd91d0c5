# A bad pointer: asks the kernel to print its own memory. The kernel does not trust
# what ring 3 says: it copies through copy_from_user, which answers -EFAULT (-14).
#include "syscall.h"

    .text
    .globl _start
_start:
    movq $SYS_write, %rax
    movq $1, %rdi
    movabsq $0xffffffff80100000, %rsi # the kernel's text: U=0 in its page tables
    movq $16, %rdx
    syscall

    cmpq $-EFAULT, %rax
    jne wrong
    leaq refused(%rip), %rsi
    movq $refused_length, %rdx
    xorl %ebx, %ebx
    jmp say
wrong:
    leaq printed(%rip), %rsi
    movq $printed_length, %rdx
    movl $1, %ebx
say:
    movq $SYS_write, %rax
    movq $1, %rdi
    syscall
    movq $SYS_exit, %rax
    movl %ebx, %edi
    syscall

    .section .rodata
refused:
    .ascii "write answered -EFAULT: the kernel is not fooled\n"
    .set refused_length, . - refused
printed:
    .ascii "write answered something else\n"
    .set printed_length, . - printed
