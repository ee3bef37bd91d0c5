# Code changed by stores, through other addresses, by string instructions, and by other pages coming in its place.
    .include "start.S"

interrupt:
    ret

main:
    # A store to the next instruction.
    movb $42, 1f + 1(%rip)
1:  mov $1, %eax
    report "next instruction:", %rax

    # A routine written anew and called 1000 times; its counter stands right behind it.
    xor %ebx, %ebx
    mov $1000, %ecx
1:  mov %ecx, made + 1
    call made
    add %rax, %rbx
    loop 1b
    report "made 1000 times:", %rbx
    mov made_calls, %eax
    report "calls counted:", %rax

    # The same physical page at two linear addresses: written through one, run through the other.
    mov $page_a + 3, %eax
    mov %eax, window_table
    mov %eax, window_table + 8
    mov $WINDOW, %edi
    call *%rdi
    report "first alias:", %rax
    movl $7, WINDOW + 4096 + 1
    call *%rdi
    report "written through the second:", %rax
    movl $8, page_a + 1
    call *%rdi
    report "written through a large page:", %rax
    lea 4096(%rdi), %rsi
    call *%rsi
    report "run through the second:", %rax
    movl $1, WINDOW + 1

    # Another page comes under the same address: INVLPG, then CR3.
    mov $page_a + 3, %r12d
    mov $page_b + 3, %r13d
    xor %ebx, %ebx
    mov $200, %ecx
1:  xchg %r12d, %r13d
    mov %r12d, window_table
    invlpg WINDOW
    call *%rdi
    imul $3, %rbx
    add %rax, %rbx
    loop 1b
    report "pages by INVLPG:", %rbx
    mov $200, %ecx
1:  xchg %r12d, %r13d
    mov %r12d, window_table
    mov %cr3, %rax
    mov %rax, %cr3
    call *%rdi
    imul $5, %rbx
    add %rax, %rbx
    loop 1b
    report "pages by CR3:", %rbx

    # The page that is running is replaced; its twin goes on behind the INVLPG.
    movl $page_a + 3, window_table
    invlpg WINDOW
    mov $page_b + 3, %edx
    lea leave - page_a(%rdi), %rsi
    call *%rsi
    report "own page replaced:", %rax

    # An instruction across two pages, of which the second is replaced.
    movl $page_a + 3, window_table
    movl $tail_a + 3, window_table + 8
    invlpg WINDOW
    invlpg WINDOW + 4096
    lea across - page_a(%rdi), %rsi
    call *%rsi
    report "across, first tail:", %rax
    movl $tail_b + 3, window_table + 8
    invlpg WINDOW + 4096
    call *%rsi
    report "across, second tail:", %rax
    movb $0x55, tail_b
    call *%rsi
    report "across, tail written:", %rax

    # String instructions over code that has run.
    mov $page_b, %esi
    mov $page_a, %edi
    mov $16, %ecx
    rep movsb
    mov $page_a, %eax
    call *%rax
    report "REP MOVSB:", %rax
    std
    mov $spare + 15, %esi
    mov $page_a + 15, %edi
    mov $16, %ecx
    rep movsb
    cld
    mov $page_a, %eax
    call *%rax
    report "REP MOVSB downwards:", %rax
    mov $spare_end - 8, %esi
    mov $page_a, %edi
    movsq
    mov $page_a, %eax
    call *%rax
    report "MOVSQ:", %rax
    mov $0x90, %eax
    mov $1f, %edi
    mov $20, %ecx
    rep stosb
1:  .rept 4
    mov $1, %eax
    .endr
    report "REP STOSB over the next instructions:", %rax

    # A page that loses the right to be run, to be written, to be there.
    movl $page_a + 3, window_table
    movl $0, window_table + 4
    invlpg WINDOW
    mov $WINDOW, %edi
    call *%rdi
    movl $0x80000000, window_table + 4
    invlpg WINDOW
    mov $1f, %r15d
    mov %rsp, %rbp
    call *%rdi
1:  mov %rbp, %rsp
    movl $0, window_table + 4
    andb $~2, window_table
    invlpg WINDOW
    call *%rdi
    mov $1f, %r15d
    movb $1, WINDOW
1:  andb $~1, window_table
    invlpg WINDOW
    mov $1f, %r15d
    mov %rsp, %rbp
    call *%rdi
1:  mov %rbp, %rsp

    # Accessed and dirty bits: by a fetch, by a read, by a write.
    mov $page_a + 3, %eax
    mov %eax, window_table
    mov %eax, window_table + 8
    mov %eax, window_table + 16
    mov %cr3, %rbx
    mov %rbx, %cr3
    call *%rdi
    mov WINDOW + 4096, %eax
    mov %eax, WINDOW + 8192
    mov window_table, %ebx
    and $0xfff, %ebx
    report "fetched:", %rbx
    mov window_table + 8, %ebx
    and $0xfff, %ebx
    report "read:", %rbx
    mov window_table + 16, %ebx
    and $0xfff, %ebx
    report "written:", %rbx
    ret

    .section .mutable, "awx"
    .p2align 5
made:
    mov $0, %eax
    incl made_calls
    ret
made_calls:
    .long 0

    .p2align 12
page_a:
    mov $1, %eax
    ret
    .p2align 6
leave:
    mov %edx, window_table
    invlpg WINDOW
    mov $0xa, %eax
    ret
    .org page_a + 4096 - 2
across:
    .byte 0xb8, 0x11                # mov $imm32, %eax: its first byte; the other three on the next page.

    .p2align 12
page_b:
    mov $2, %eax
    ret
    .p2align 6
    mov %edx, window_table
    invlpg WINDOW
    mov $0xb, %eax
    ret

    .p2align 12
tail_a:
    .byte 0x22, 0x33, 0x44, 0xc3
    .p2align 12
tail_b:
    .byte 0x66, 0x77, 0x08, 0xc3
    .p2align 12
spare:
    mov $3, %eax
    ret
    .p2align 6
    mov $4, %eax
    ret
    nop
    nop
spare_end:
