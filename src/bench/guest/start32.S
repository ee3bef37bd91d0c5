/*
 * _start: 32-bit protected mode with flat segments and interrupts off, as
 * multiboot leaves it. It stays that way.
 */
    .text
    .globl _start
_start:
    movl $stack_top, %esp
    call bench_main

    .bss
    .balign 16
    .skip 16384
stack_top:
