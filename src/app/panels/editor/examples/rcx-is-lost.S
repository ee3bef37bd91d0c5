# RCX is lost: SYSCALL keeps the return address in RCX and RFLAGS in R11, for there
# is nowhere else to put them. A value in RCX does not survive; one in RBX does.
#include "syscall.h"

    .text
    .globl _start
_start:
    movq $0x1111, %rcx
    movq $0x1111, %rbx
    movq $SYS_getpid, %rax
    syscall
here:                               # RCX is this address now

    leaq here(%rip), %rdx
    cmpq %rdx, %rcx
    jne unexpected
    cmpq $0x1111, %rbx
    jne unexpected
    leaq lesson(%rip), %rsi
    movq $lesson_length, %rdx
    xorl %ebx, %ebx
    jmp say
unexpected:
    leaq surprise(%rip), %rsi
    movq $surprise_length, %rdx
    movl $1, %ebx
say:
    movq $SYS_write, %rax
    movq $1, %rdi
    syscall
    movq $SYS_exit, %rax
    movl %ebx, %edi
    syscall

    .section .rodata
lesson:
    .ascii "RCX holds the return address, RBX what it held\n"
    .set lesson_length, . - lesson
surprise:
    .ascii "SYSCALL did something else\n"
    .set surprise_length, . - surprise
