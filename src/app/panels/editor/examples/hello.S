# Hello: one system call to print, one to end. What SYSCALL needs is in registers;
# the stack plays no part in it.
#include "syscall.h"

    .text
    .globl _start
_start:
    movq $SYS_write, %rax           # which system call
    movq $1, %rdi                   # to standard output
    leaq message(%rip), %rsi        # from here
    movq $message_length, %rdx      # so many bytes
    syscall                         # the count comes back in RAX

    movq $SYS_exit, %rax
    xorl %edi, %edi                 # with code 0
    syscall

    .section .rodata
message:
    .ascii "Hello from ring 3\n"
    .set message_length, . - message
