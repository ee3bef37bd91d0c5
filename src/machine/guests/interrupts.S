# Interrupts at instruction boundaries: shadows of STI, HLT, single steps, software interrupts, the serial line's.
    .include "start.S"

    .set TIMER, 0x20
    .set SERIAL, 0x24

# RDI vector, RSI -> RIP, CS, RFLAGS on the stack.
interrupt:
    cmp $1, %edi
    je single_step
    cmp $TIMER, %edi
    je timer
    cmp $SERIAL, %edi
    je serial
    incl software
    ret
timer:
    incl ticks
    mov (%rsi), %rax
    mov %rax, came_at
    jmp end_of_interrupt
serial:
    mov $0x3fa, %edx
    in %dx, %al
    and $15, %al
    mov %al, serial_cause
    incl serials
    mov $0x3f9, %edx
    xor %eax, %eax
    out %al, %dx
end_of_interrupt:
    mov $0x20, %al
    out %al, $0x20
    ret
single_step:
    incl steps
    mov (%rsi), %rax
    cmp $stop_stepping, %rax
    jne 1f
    andl $~0x100, 16(%rsi)
1:  ret

# Starts counter 0 for one shot and waits, interrupts off, until its request is pending.
pending:
    mov $0x30, %al
    out %al, $0x43
    mov $0, %al
    out %al, $0x40
    mov $1, %al
    out %al, $0x40
    mov $0x0a, %al
    out %al, $0x20
1:  in $0x20, %al
    test $1, %al
    jz 1b
    ret

main:
    # 8259: vectors 20h and 28h; only the timer is let through.
    mov $0x11, %al
    out %al, $0x20
    out %al, $0xa0
    mov $0x20, %al
    out %al, $0x21
    mov $0x28, %al
    out %al, $0xa1
    mov $4, %al
    out %al, $0x21
    mov $2, %al
    out %al, $0xa1
    mov $1, %al
    out %al, $0x21
    out %al, $0xa1
    mov $0xfe, %al
    out %al, $0x21

    call pending
    sti
behind_sti:
    nop
    nop
    cli
    mov came_at, %rbx
    sub $behind_sti, %rbx
    report "bytes behind STI:", %rbx

    call pending
    mov ticks, %ebx
    sti
    cli
    nop
    nop
    mov ticks, %eax
    sub %ebx, %eax
    report "ticks between STI and CLI:", %rax
    sti
    nop
    cli

    call pending
    pushf
    orl $0x200, (%rsp)
    popf
behind_popf:
    nop
    cli
    mov came_at, %rbx
    sub $behind_popf, %rbx
    report "bytes behind POPF:", %rbx

    call pending
    sti
    hlt
behind_hlt:
    cli
    mov came_at, %rbx
    sub $behind_hlt, %rbx
    report "bytes behind HLT:", %rbx

    # Ten ticks, sleeping.
    movl $0, ticks
    mov $0x34, %al
    out %al, $0x43
    mov $0xa9, %al
    out %al, $0x40
    mov $0, %al
    out %al, $0x40
1:  sti
    hlt
    cli
    cmpl $10, ticks
    jb 1b
    mov ticks, %eax
    report "ticks slept through:", %rax
    # A loop that never sleeps is interrupted too.
    movl $0, ticks
    sti
1:  cmpl $3, ticks
    jb 1b
    cli
    mov $1, %eax
    report "loop left:", %rax
    mov $0xff, %al
    out %al, $0x21

    # Software interrupts and breakpoints.
    int $0x80
    int $0xff
    mov software, %eax
    report "software interrupts:", %rax
    mov $1f, %r15d
    int3
1:  mov $1f, %r15d
    ud2
1:  mov $1f, %r15d
    xor %edx, %edx
    xor %ecx, %ecx
    div %ecx
1:  mov $1f, %r15d
    mov $0x8000000000000000, %rax
    mov (%rax), %eax
1:  mov $1f, %r15d
    mov $0x1234, %eax
    mov %eax, %ds
1:

    # Single steps: instructions, one each; REP MOVSB, one for each byte.
    movl $0, steps
    pushf
    orl $0x100, (%rsp)
    popf
    nop
    mov $5, %ecx
1:  dec %ecx
    jnz 1b
    mov $text_from, %esi
    mov $text_to, %edi
    mov $4, %ecx
    rep movsb
    int $0x80
    nop
stop_stepping:
    nop
    mov steps, %eax
    report "steps:", %rax

    # The transmitter is empty, and says so once when it is let.
    mov $0xef, %al
    out %al, $0x21
    mov $0x3fc, %edx
    mov $8, %al
    out %al, %dx
    mov $0x3f9, %edx
    mov $2, %al
    out %al, %dx
    sti
1:  cmpl $0, serials
    je 1b
    cli
    mov serials, %eax
    report "serial interrupts:", %rax
    movzbl serial_cause, %eax
    report "cause:", %rax
    ret

    .data
    .p2align 3
came_at: .quad 0
ticks: .long 0
steps: .long 0
software: .long 0
serials: .long 0
serial_cause: .byte 0
text_from: .ascii "abcd"
text_to: .skip 4
