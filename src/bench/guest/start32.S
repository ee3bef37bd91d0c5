/*
 * _start: 32-bit protected mode with flat segments and interrupts off, as
 * multiboot leaves it. It stays that way, but for SSE.
 */
    .text
    .globl _start
_start:
    movl $stack_top, %esp
    movl %cr4, %eax
    orl $0x600, %eax            # OSFXSR, OSXMMEXCPT
    movl %eax, %cr4
    call bench_main

    .bss
    .balign 16
    .skip 16384
stack_top:
