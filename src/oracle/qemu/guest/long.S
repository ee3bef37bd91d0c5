# Runs test cases in IA-32e mode and notes what each exception handler finds.
#
# The loader enters _start as Multiboot says, with the cases as the only module. A case is a list of pokes: quadwords
# written to the arena (tables, stacks, code, page-table entries, and `entry`, the processor state to start from). The
# case then begins with IRETQ and ends with the first exception or interrupt, whose handler writes a record of 64
# quadwords. Everything is put back before the next case. cases.ts and record.ts hold the same layouts.

#include "frame.inc"

        .set HARNESS_CODE, 0x08
        .set GOOD_CR0, 0x80010011               # PG, WP, ET, PE
        .set GOOD_CR4, 0x20                     # PAE
        .set GOOD_EFER, 0xd01                   # NXE, LMA, LME, SCE
        .set TABLE, 0x27                        # A, U, W, P
        .set LAST_IST, 7
        .set LOWER_VECTOR, 0x81                 # a handler below CPL 0 comes up through this one
        .set RECORD_BYTES, 512
        .set UNTOUCHED_CR2, 0xc2c2c2c2
        .set CASES_BYTES, 4                     # module: u32 number of cases, then the cases

        .globl arena, entry, gdt, ldt, tss, idt, stack0, stack1, stack2, ist1, ist2, stack3, compat_stack
        .globl code0, code3, data0, data3, page_table, page_directory, pointer_table, pml4
        .globl records, done, stubs, edge_code, second_code3

        .section .text
        .balign 4
        .long 0x1badb002, 3, -(0x1badb002 + 3)

        .code32
        .globl _start
_start: cli
        mov $harness_stack, %esp
        mov %ebx, information
        # No interrupt from outside: both 8259s masked.
        mov $0xff, %al
        out %al, $0x21
        out %al, $0xa1

        # All 96 MiB of RAM, 2 MiB pages for the supervisor; A and D are set so that walks write nothing.
        mov $low_directory, %edi
        mov $0xe3, %eax
        mov $48, %ecx
1:      mov %eax, (%edi)
        add $0x200000, %eax
        add $8, %edi
        loop 1b
        # From 1 GiB on the arena again, and from 1 GiB + 2 MiB the first 2 MiB, for the user.
        mov $user_table, %edi
        mov $arena + 0x67, %eax
        mov $512, %ecx
2:      mov %eax, (%edi)
        add $0x1000, %eax
        add $8, %edi
        loop 2b
        movl $user_table + TABLE, user_directory
        movl $0xe7, user_directory + 8
        movl $low_directory + TABLE, pointers
        movl $user_directory + TABLE, pointers + 8
        # The same first 512 GiB at the bottom of the upper half.
        movl $pointers + TABLE, pml4
        movl $pointers + TABLE, pml4 + 256 * 8
        # The last page of the lower half.
        movl $edge_pointers + TABLE, pml4 + 255 * 8
        movl $edge_directory + TABLE, edge_pointers + 511 * 8
        movl $edge_table + TABLE, edge_directory + 511 * 8
        movl $edge_code + 0x67, edge_table + 511 * 8

        mov $GOOD_CR4, %eax
        mov %eax, %cr4
        mov $pml4, %eax
        mov %eax, %cr3
        mov $0xc0000080, %ecx
        mov $0x901, %eax
        xor %edx, %edx
        wrmsr
        mov $GOOD_CR0, %eax
        mov %eax, %cr0
        lgdt boot_gdtr
        ljmp $HARNESS_CODE, $start64

        .code64
start64:
        xor %eax, %eax
        mov %eax, %ds
        mov %eax, %es
        mov %eax, %ss
        # 256 gates to the stubs, on IST1; #DF and the way up from lower levels on the harness's own stack.
        xor %ecx, %ecx
3:      mov %ecx, %eax
        shl $4, %eax
        lea stubs(%rax), %rdx
        lea idt(%rax), %rdi
        call write_gate
        inc %ecx
        cmp $256, %ecx
        jne 3b
        movb $LAST_IST, idt + 16 * 8 + 4
        movb $0xee, idt + 16 * 3 + 5
        movb $0xee, idt + 16 * 0x80 + 5
        mov $lower, %edx
        mov $idt + 16 * LOWER_VECTOR, %edi
        call write_gate
        movb $LAST_IST, idt + 16 * LOWER_VECTOR + 4
        movb $0xee, idt + 16 * LOWER_VECTOR + 5
        # Wherever a case ends up: INC EAX (or a REX prefix) and INT3, so that RAX and RIP tell the mode.
        mov $fill_from, %edi
        mov $fill_quadwords, %ecx
        mov $0xcc40cc40cc40cc40, %rax
        rep stosq
        call restore

        mov information, %eax
        mov 24(%rax), %eax                      # mods_addr
        mov (%rax), %ebx
        # The first 72 KiB too, where IPs of 16 bits lead: the BIOS and the loader have had their use of it.
        xor %edi, %edi
        mov $0x2400, %ecx
        mov $0xcc40cc40cc40cc40, %rax
        rep stosq
        mov %rbx, %rax
        mov (%rax), %ecx
        mov %ecx, cases_left
        add $CASES_BYTES, %rax
        mov %rax, case_at
        movq $records, record_at
        jmp next_case

# Writes an interrupt gate (IST1, DPL 0) for the handler at RDX to RDI.
write_gate:
        movzwl %dx, %eax
        or $HARNESS_CODE << 16, %eax
        mov %eax, (%rdi)
        mov %edx, %eax
        and $0xffff0000, %eax
        or $0x8e01, %eax
        mov %eax, 4(%rdi)
        movq $0, 8(%rdi)
        ret

# Puts the arena's tables and stacks back.
restore:
        mov $extents, %ebx
1:      mov (%rbx), %esi
        mov 4(%rbx), %edi
        mov 8(%rbx), %ecx
        jecxz 2f
        rep movsq
        add $12, %ebx
        jmp 1b
2:      ret

next_case:
        mov $harness_stack, %esp
        decl cases_left
        js finished
        # Pokes: u32 address, u64 value. What they overwrite goes to the undo log, watched places too.
        mov $undo_log, %r8d
        mov case_at, %rsi
        movzwl (%rsi), %ebx
        movzwl 2(%rsi), %ebp
        add $4, %rsi
        test %ebx, %ebx
        jz 2f
1:      lodsl
        mov %eax, %edi
        mov (%rdi), %rdx
        mov %rdi, (%r8)
        mov %rdx, 8(%r8)
        add $16, %r8
        movsq
        dec %ebx
        jnz 1b
2:      mov %rsi, watch_at
        mov %ebp, watch_count
        test %ebp, %ebp
        jz 4f
3:      lodsl
        mov (%rax), %rdx
        mov %rax, (%r8)
        mov %rdx, 8(%r8)
        add $16, %r8
        dec %ebp
        jnz 3b
4:      mov %rsi, case_at
        mov %r8, undo_end

        lgdt entry_gdtr + 6
        lidt entry_idtr + 6
        lldt entry_ldtr
        ltr entry_tr
        mov entry_ds, %ds
        mov entry_es, %es
        mov entry_fs, %fs
        mov entry_gs, %gs
        load_msrs %rbx
        load_debug_registers %rax
        mov entry_cr4, %rax
        mov %rax, %cr4
        mov entry_cr3, %rax
        mov %rax, %cr3
        mov entry_cr0, %rax
        mov %rax, %cr0

        mov entry + 8, %rcx
        mov entry + 16, %rdx
        mov entry + 24, %rbx
        mov entry + 40, %rbp
        mov entry + 48, %rsi
        mov entry + 56, %rdi
        mov entry + 64, %r8
        mov entry + 72, %r9
        mov entry + 80, %r10
        mov entry + 88, %r11
        mov entry + 96, %r12
        mov entry + 104, %r13
        mov entry + 112, %r14
        mov entry + 120, %r15
        mov entry, %rax
        mov $entry_frame, %esp
        iretq

finished:
        movq $1, done
        xor %eax, %eax
        out %al, $0xf4
1:      hlt
        jmp 1b

# One stub for each vector. It may run at any CPL, on any stack, from either place where this page is mapped.
        .balign 4096
stubs:
        .set vector, 0
        .rept 256
        .balign 16
        push $vector
        .byte 0xe9                              # JMP rel32
        .long common - (. + 4)
        .set vector, vector + 1
        .endr
common: pushfq
        push %rax
        mov %cs, %eax
        test $3, %al
        jnz 1f
        pop %rax
        mov %rax, saved_registers
        mov %rsp, saved_frame
        mov %cs, %eax
        mov %rax, saved_handler
        mov %ss, %eax
        mov %rax, saved_handler + 8
        jmp save
1:      pop %rax
        int $LOWER_VECTOR

# The handler ran below CPL 0: its own frame says where it found itself.
lower:  mov %rax, saved_registers
        mov 8(%rsp), %rax
        mov %rax, saved_handler
        mov 24(%rsp), %rax
        mov %rax, saved_frame
        mov 32(%rsp), %rax
        mov %rax, saved_handler + 8

save:   mov %rcx, saved_registers + 8
        mov %rdx, saved_registers + 16
        mov %rbx, saved_registers + 24
        mov %rbp, saved_registers + 40
        mov %rsi, saved_registers + 48
        mov %rdi, saved_registers + 56
        mov %r8, saved_registers + 64
        mov %r9, saved_registers + 72
        mov %r10, saved_registers + 80
        mov %r11, saved_registers + 88
        mov %r12, saved_registers + 96
        mov %r13, saved_registers + 104
        mov %r14, saved_registers + 112
        mov %r15, saved_registers + 120
        mov $harness_stack, %esp
        cld
        mov %cr0, %r9
        mov %cr4, %r10
        mov %dr6, %r11
        mov %dr7, %r12
        xor %eax, %eax
        mov %rax, %dr7
        mov $GOOD_CR4, %eax
        mov %rax, %cr4
        mov $GOOD_CR0, %eax
        mov %rax, %cr0

        mov record_at, %rdi
        mov saved_frame, %rsi
        lodsq
        mov %rax, %rbx                          # RFLAGS in the handler
        movsq                                   # vector
        mov %rsi, %r13                          # RSP in the handler
        # The processor aligned the stack: five pushes, or six with an error code.
        mov $-1, %rax
        test $8, %sil
        jnz 1f
        lodsq
1:      stosq                                   # error code, or -1
        mov $5, %ecx
        rep movsq                               # RIP, CS, RFLAGS, RSP, SS
        mov saved_handler, %rax
        stosq                                   # CS and SS of the handler
        mov saved_handler + 8, %rax
        stosq
        mov %r13, %rax
        stosq
        mov %rbx, %rax
        stosq
        mov %cr2, %rax
        stosq
        mov %r9, %rax
        stosq                                   # CR0
        mov %r10, %rax
        stosq                                   # CR4
        mov %r11, %rax
        stosq                                   # DR6
        mov %r12, %rax
        stosq                                   # DR7
        xor %eax, %eax
        mov %ds, %eax
        stosq
        mov %es, %eax
        stosq
        mov %fs, %eax
        stosq
        mov %gs, %eax
        stosq
        sldt %eax
        stosq
        str %eax
        stosq
        mov $msr_numbers, %esi
        mov $MSRS, %ebp
2:      lodsl
        mov %eax, %ecx
        rdmsr
        shl $32, %rdx
        or %rdx, %rax
        stosq
        dec %ebp
        jnz 2b
        mov $saved_registers, %esi
        mov $16, %ecx
        rep movsq
        mov watch_at, %rsi
        mov watch_count, %ecx
        jecxz 4f
3:      lodsl
        mov (%rax), %rax
        stosq
        loop 3b
4:      addq $RECORD_BYTES, record_at

        # Backwards, so that a place poked twice gets its first content back.
        mov undo_end, %r8
5:      cmp $undo_log, %r8
        je 6f
        sub $16, %r8
        mov (%r8), %rax
        mov 8(%r8), %rdx
        mov %rdx, (%rax)
        jmp 5b
6:      call restore
        jmp next_case

#include "longData.inc"
