# The same two system calls in Intel's syntax: the destination stands first,
# registers have no %, constants no $, and square brackets mean memory.
#include "syscall.h"

    .intel_syntax noprefix
    .text
    .globl _start
_start:
    mov eax, SYS_write              # writing EAX clears the upper half of RAX
    mov edi, 1
    lea rsi, message[rip]
    movzx edx, byte ptr length[rip]
    syscall

    mov eax, SYS_exit
    xor edi, edi
    syscall

    .section .rodata
message:
    .ascii "Hello in Intel's syntax\n"
length:
    .byte length - message
