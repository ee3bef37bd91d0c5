# Runs test cases in protected mode outside IA-32e mode, in virtual-8086 mode and in real-address mode, and notes what
# each handler finds. The frame of it is long.S's: cases are lists of pokes (quadwords) and of places to look at, a case
# begins with an IRET to the state in `entry`, ends with the first exception or INT3, and leaves a record of 64
# quadwords in the same order. Registers and selectors take a quadword each, of which the upper half is 0.
#
# There are no ISTs here, and a double fault has no stack of its own: what runs at CPL 0 has to keep a stack that works.
# So gates and vectors under test lead to the filling (INC EAX, INT3), and the INT3 ends the case through a gate that is
# always good, on the stack that the case came to.

        .set HARNESS_CODE, 0x08
        .set HARNESS_DATA, 0x10
        .set PLAIN_CR0, 0x11                    # ET, PE
        .set GOOD_CR0, 0x80010011               # PG, WP, ET, PE
        .set GOOD_CR4, 0x10                     # PSE
        .set RECORD_BYTES, 512
        .set UNTOUCHED_CR2, 0xc2c2c2c2
        .set CASES_BYTES, 4                     # module: u32 number of cases, then the cases
        .set VM, 0x20000
        .set WITH_ERROR, 0x00027d00             # vectors 8, 10 to 14 and 17

# Below 64 KiB: the vector table of real-address mode, then these.
        .set LOW_STATE, 0x400                   # what goes to and comes from real-address mode
        .set LOW_STUBS, 0x600
        .set LOW_FILL, 0x1000
        .set LOW_FILL_END, 0x20000

        .globl arena, entry, gdt, ldt, tss, tss16, idt, stack0, stack1, stack2, stack3, compat_stack, narrow_stack
        .globl low_fill, code0, code3, data0, data3, second_code3, directory, table, pointers, page_directory, page_table
        .globl records, done, low_stack

        .section .text
        .balign 4
        .long 0x1badb002, 3, -(0x1badb002 + 3)

        .code32
        .globl _start
_start: cli
        cld
        mov $harness_stack, %esp
        mov 24(%ebx), %eax                      # mods_addr
        mov (%eax), %ebx
        mov %ebx, case_at
        # No interrupt from outside: both 8259s masked.
        mov $0xff, %al
        out %al, $0x21
        out %al, $0xa1
        lgdt boot_gdtr
        ljmp $HARNESS_CODE, $1f
1:      mov $HARNESS_DATA, %eax
        mov %eax, %ds
        mov %eax, %es
        mov %eax, %ss

        # The first 8 MiB for the supervisor; A and D are set so that walks write nothing. From 1 GiB on the arena
        # again, and from 1 GiB + 2 MiB the first 2 MiB, for the user. Once in each format of entries.
        mov $identity, %edi
        mov $0x63, %eax
        mov $2048, %ecx
2:      mov %eax, (%edi)
        add $0x1000, %eax
        add $4, %edi
        loop 2b
        # What real-address and virtual-8086 mode run on is the user's too.
        mov $LOW_FILL / 4096, %ecx
8:      orl $4, identity(, %ecx, 4)
        inc %ecx
        cmp $LOW_FILL_END / 4096, %ecx
        jne 8b
        movl $identity + 0x27, directory
        movl $identity + 0x1027, directory + 4
        mov $user_window, %edi
        mov $arena + 0x67, %eax
        mov $512, %ecx
3:      mov %eax, (%edi)
        add $0x1000, %eax
        add $4, %edi
        loop 3b
        mov $0x67, %eax
        mov $512, %ecx
4:      mov %eax, (%edi)
        add $0x1000, %eax
        add $4, %edi
        loop 4b
        movl $user_window + 0x27, directory + 256 * 4
        movl $table + 0x27, directory + 512 * 4

        mov $pae_first, %edi
        mov $identity, %esi
        mov $512, %ecx
9:      movsl
        movl $0, (%edi)
        add $4, %edi
        loop 9b
        movl $pae_first + 0x27, pae_low
        movl $0x2000e3, pae_low + 8
        movl $0x4000e3, pae_low + 16
        movl $0x6000e3, pae_low + 24
        mov $pae_window, %edi
        mov $arena + 0x67, %eax
        mov $512, %ecx
5:      mov %eax, (%edi)
        add $0x1000, %eax
        add $8, %edi
        loop 5b
        movl $pae_window + 0x27, pae_user
        movl $0xe7, pae_user + 8
        movl $pae_low + 1, pointers
        movl $pae_user + 1, pointers + 8

        # 256 gates to the stubs, of which INT3's is for everybody.
        xor %ecx, %ecx
6:      mov %ecx, %edx
        shl $4, %edx
        add $stubs, %edx
        movzwl %dx, %eax
        or $HARNESS_CODE << 16, %eax
        mov %eax, idt(, %ecx, 8)
        mov %edx, %eax
        mov $0x8e00, %ax
        mov %eax, idt + 4(, %ecx, 8)
        inc %ecx
        cmp $256, %ecx
        jne 6b
        movb $0xee, idt + 8 * 3 + 5
        # The same in real-address mode.
        mov $low_stubs, %esi
        mov $LOW_STUBS, %edi
        mov $low_end - low_stubs, %ecx
        rep movsb
        xor %ecx, %ecx
7:      lea LOW_STUBS(, %ecx, 8), %eax
        mov %eax, (, %ecx, 4)
        inc %ecx
        cmp $256, %ecx
        jne 7b
        # Wherever a case ends up.
        mov $0xcc40cc40, %eax
        mov $fill_from, %edi
        mov $fill_dwords, %ecx
        rep stosl
        mov $LOW_FILL, %edi
        mov $(LOW_FILL_END - LOW_FILL) / 4, %ecx
        rep stosl
        call restore

        mov case_at, %eax
        mov (%eax), %ecx
        mov %ecx, cases_left
        add $CASES_BYTES, %eax
        mov %eax, case_at
        movl $records, record_at
        jmp next_case

# Puts the arena's tables and stacks back.
restore:
        mov $extents, %ebx
1:      mov (%ebx), %esi
        mov 4(%ebx), %edi
        mov 8(%ebx), %ecx
        jecxz 2f
        rep movsl
        add $12, %ebx
        jmp 1b
2:      ret

next_case:
        mov $harness_stack, %esp
        decl cases_left
        js finished
        # Pokes: u32 address, u64 value. What they overwrite goes to the undo log, watched places too.
        mov $undo_log, %edx
        mov case_at, %esi
        movzwl (%esi), %ebx
        movzwl 2(%esi), %ebp
        add $4, %esi
        test %ebx, %ebx
        jz 2f
1:      lodsl
        mov %eax, %edi
        call log_place
        movsl
        movsl
        dec %ebx
        jnz 1b
2:      mov %esi, watch_at
        mov %ebp, watch_count
        test %ebp, %ebp
        jz 4f
3:      lodsl
        mov %eax, %edi
        call log_place
        dec %ebp
        jnz 3b
4:      mov %esi, case_at
        mov %edx, undo_end

        lgdt entry_gdtr + 6
        lldt entry_ldtr
        ltr entry_tr
        mov $msr_numbers, %esi
        mov $entry_msrs, %ebx
        mov $MSRS, %edi
5:      lodsl
        mov %eax, %ecx
        mov (%ebx), %eax
        mov 4(%ebx), %edx
        wrmsr
        add $8, %ebx
        dec %edi
        jnz 5b
        mov entry_dr, %eax
        mov %eax, %dr0
        mov entry_dr + 8, %eax
        mov %eax, %dr1
        mov entry_dr + 16, %eax
        mov %eax, %dr2
        mov entry_dr + 24, %eax
        mov %eax, %dr3
        mov entry_dr + 32, %eax
        mov %eax, %dr6
        mov entry_dr + 40, %eax
        mov %eax, %dr7
        mov $UNTOUCHED_CR2, %eax
        mov %eax, %cr2
        testb $1, entry_cr0
        jz enter_real
        lidt entry_idtr + 6
        mov entry_cr4, %eax
        mov %eax, %cr4
        mov entry_cr3, %eax
        mov %eax, %cr3
        mov entry_cr0, %eax
        mov %eax, %cr0

        mov entry_frame + 16, %eax
        test $VM, %eax
        jz 6f
        pushl entry_gs
        pushl entry_fs
        pushl entry_ds
        pushl entry_es
        movl $0, start_ds
        jmp 7f
6:      mov entry_ds, %eax
        mov %eax, start_ds
        mov entry_es, %es
        mov entry_fs, %fs
        mov entry_gs, %gs
        testb $3, entry_frame + 8
        jnz 7f
        mov entry_frame + 32, %ss
        mov entry_frame + 24, %esp
        jmp 8f
7:      pushl entry_frame + 32
        pushl entry_frame + 24
8:      pushl entry_frame + 16
        pushl entry_frame + 8
        pushl entry_frame
        mov entry + 8, %ecx
        mov entry + 16, %edx
        mov entry + 24, %ebx
        mov entry + 40, %ebp
        mov entry + 48, %esi
        mov entry + 56, %edi
        mov entry, %eax
        mov start_ds, %ds
        iretl

# Writes the place at EDI to the undo log at EDX.
log_place:
        mov %edi, (%edx)
        mov (%edi), %eax
        mov %eax, 4(%edx)
        mov 4(%edi), %eax
        mov %eax, 8(%edx)
        add $12, %edx
        ret

finished:
        movl $1, done
        xor %eax, %eax
        out %al, $0xf4
1:      hlt
        jmp 1b

# Through 16-bit protected mode, whose segments real-address mode then keeps. The state goes along below 64 KiB.
enter_real:
        mov $entry, %esi
        mov $LOW_STATE, %edi
        mov $(entry_cr3 - entry) / 4, %ecx
        rep movsl
        lidt entry_idtr + 6
        lgdt boot_gdtr
        ljmp $0x18, $LOW_STUBS + (low_enter - low_stubs)

# One stub for each vector, always at CPL 0.
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
common: push %ds
        push %eax
        mov $HARNESS_DATA, %eax
        mov %eax, %ds
        popl saved_registers
        popl saved_ds
        mov %esp, saved_registers + 32
        mov %ss, saved_ss
        mov %es, saved_es
        mov %fs, saved_fs
        mov %gs, saved_gs
        pushf
        popl saved_flags
        mov %ecx, saved_registers + 8
        mov %edx, saved_registers + 16
        mov %ebx, saved_registers + 24
        mov %ebp, saved_registers + 40
        mov %esi, saved_registers + 48
        mov %edi, saved_registers + 56
        cld
        # A stack of 16 bits has its pointer in SP; stacks at CPL 0 begin at 0.
        mov saved_registers + 32, %esi
        mov %ss, %eax
        lar %eax, %ecx
        jnz 1f
        test $0x400000, %ecx
        jnz 1f
        movzwl %si, %esi
1:      mov $saved_frame, %edi
        mov $HARNESS_DATA, %eax
        mov %eax, %es
        mov $16, %ecx
        rep movsl
        mov %cr0, %eax
        mov %eax, saved_cr0
        mov $PLAIN_CR0, %eax
        mov %eax, %cr0
        mov $HARNESS_DATA, %eax
        mov %eax, %ss
        mov $harness_stack, %esp

        # The frame: an error code if the vector has one, then the inner part, then the outer.
        mov $saved_frame, %esi
        lodsl
        mov %eax, saved_vector
        mov %eax, %ecx
        addl $4, saved_registers + 32
        mov $-1, %ebx
        cmp $31, %ecx
        ja 2f
        mov $WITH_ERROR, %edx
        bt %ecx, %edx
        jnc 2f
        lodsl
        mov %eax, %ebx
2:      mov %ebx, saved_error
        lodsl
        mov %eax, saved_rip
        lodsl
        mov %eax, saved_cs
        lodsl
        mov %eax, saved_rflags
        # By default the handler shares the stack and the level.
        mov %esi, %eax
        sub $saved_frame + 4, %eax
        add saved_registers + 32, %eax
        mov %eax, saved_rsp
        movzwl saved_ss, %eax
        mov %eax, saved_outer_ss
        testl $VM, saved_rflags
        jnz 3f
        testb $3, saved_cs
        jz save
3:      lodsl
        mov %eax, saved_rsp
        lodsl
        mov %eax, saved_outer_ss
        testl $VM, saved_rflags
        jz save
        lodsl
        mov %ax, saved_es
        lodsl
        mov %ax, saved_ds
        lodsl
        mov %ax, saved_fs
        lodsl
        mov %ax, saved_gs

save:   mov record_at, %edi
        mov saved_vector, %eax
        call put
        mov saved_error, %eax
        cltd                                    # none is -1 in all 64 bits
        stosl
        mov %edx, %eax
        stosl
        mov saved_rip, %eax
        call put
        mov saved_cs, %eax
        call put
        mov saved_rflags, %eax
        call put
        mov saved_rsp, %eax
        call put
        mov saved_outer_ss, %eax
        call put
        mov $HARNESS_CODE, %eax
        call put
        movzwl saved_ss, %eax
        call put
        mov saved_registers + 32, %eax
        call put
        mov saved_flags, %eax
        call put
        mov %cr2, %eax
        call put
        mov saved_cr0, %eax
        call put
        mov %cr4, %eax
        call put
        mov %dr6, %eax
        call put
        mov %dr7, %eax
        call put
        xor %eax, %eax
        mov %eax, %dr7
        mov %eax, %cr4
        movzwl saved_ds, %eax
        call put
        movzwl saved_es, %eax
        call put
        movzwl saved_fs, %eax
        call put
        movzwl saved_gs, %eax
        call put
        sldt %eax
        movzwl %ax, %eax
        call put
        str %eax
        movzwl %ax, %eax
        call put
        mov $msr_numbers, %esi
        mov $MSRS, %ebp
1:      lodsl
        mov %eax, %ecx
        rdmsr
        stosl
        mov %edx, %eax
        stosl
        dec %ebp
        jnz 1b
        movl $0, saved_registers + 32
        mov $saved_registers, %esi
        mov $32, %ecx
        rep movsl
        mov watch_at, %esi
        mov watch_count, %ecx
        jecxz 4f
3:      lodsl
        mov %eax, %ebx
        mov (%ebx), %eax
        stosl
        mov 4(%ebx), %eax
        stosl
        loop 3b
4:      addl $RECORD_BYTES, record_at

        # Backwards, so that a place poked twice gets its first content back.
        mov undo_end, %edx
5:      cmp $undo_log, %edx
        je 6f
        sub $12, %edx
        mov (%edx), %edi
        mov 4(%edx), %eax
        mov %eax, (%edi)
        mov 8(%edx), %eax
        mov %eax, 4(%edi)
        jmp 5b
6:      call restore
        # Now that the table has its own descriptors again.
        lgdt boot_gdtr
        xor %eax, %eax
        mov %eax, %fs
        mov %eax, %gs
        jmp next_case

put:    stosl
        xor %eax, %eax
        stosl
        ret

# From real-address mode. What the handler found stands in LOW_STATE, its frame has the vector on top.
from_real:
        mov $HARNESS_DATA, %eax
        mov %eax, %ds
        mov %eax, %es
        mov %eax, %ss
        mov $harness_stack, %esp
        cld
        mov $LOW_STATE, %esi
        mov $saved_registers, %edi
        mov $16, %ecx
        rep movsl
        mov LOW_STATE + 64, %eax
        mov %ax, saved_es
        mov LOW_STATE + 68, %eax
        mov %ax, saved_ds
        mov LOW_STATE + 72, %eax
        mov %ax, saved_fs
        mov LOW_STATE + 76, %eax
        mov %ax, saved_gs
        mov LOW_STATE + 84, %eax
        mov %eax, saved_flags
        movl $PLAIN_CR0 - 1, saved_cr0
        movzwl LOW_STATE + 80, %ebx
        mov %bx, saved_ss
        mov %ebx, saved_outer_ss
        shl $4, %ebx
        movzwl saved_registers + 32, %esi
        add %ebx, %esi
        movzwl (%esi), %eax
        mov %eax, saved_vector
        movl $-1, saved_error
        movzwl 2(%esi), %eax
        mov %eax, saved_rip
        movzwl 4(%esi), %eax
        mov %eax, saved_cs
        movzwl 6(%esi), %eax
        mov %eax, saved_rflags
        addw $2, saved_registers + 32
        mov saved_registers + 32, %eax
        add $6, %ax
        mov %eax, saved_rsp
        jmp save

# Runs at LOW_STUBS, in real-address mode and in 16-bit protected mode on the way there.
        .code16
        .balign 8
low_stubs:
        .set vector, 0
        .rept 256
        .balign 8
        pushw $vector
        .byte 0xe9                              # JMP rel16
        .word low_common - (. + 2)
        .set vector, vector + 1
        .endr
low_common:
        movl %eax, %cs:LOW_STATE
        movl %ecx, %cs:LOW_STATE + 8
        movl %edx, %cs:LOW_STATE + 16
        movl %ebx, %cs:LOW_STATE + 24
        movl %esp, %cs:LOW_STATE + 32
        movl %ebp, %cs:LOW_STATE + 40
        movl %esi, %cs:LOW_STATE + 48
        movl %edi, %cs:LOW_STATE + 56
        pushfl
        popl %cs:LOW_STATE + 84
        movw %es, %cs:LOW_STATE + 64
        movw %ds, %cs:LOW_STATE + 68
        movw %fs, %cs:LOW_STATE + 72
        movw %gs, %cs:LOW_STATE + 76
        movw %ss, %cs:LOW_STATE + 80
        lgdtl %cs:LOW_STUBS + (low_gdtr - low_stubs)
        movl $PLAIN_CR0, %eax
        movl %eax, %cr0
        ljmpl $HARNESS_CODE, $from_real

low_enter:
        movw $0x20, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %fs
        movw %ax, %gs
        movw %ax, %ss
        movl LOW_STATE + (entry_cr0 - entry), %eax
        movl %eax, %cr0
        ljmp $0, $LOW_STUBS + (1f - low_stubs)
1:      movw %cs:LOW_STATE + (entry_frame - entry) + 32, %ss
        movl %cs:LOW_STATE + (entry_frame - entry) + 24, %esp
        pushl %cs:LOW_STATE + (entry_frame - entry) + 16
        pushl %cs:LOW_STATE + (entry_frame - entry) + 8
        pushl %cs:LOW_STATE + (entry_frame - entry)
        movw %cs:LOW_STATE + (entry_ds - entry), %ds
        movw %cs:LOW_STATE + (entry_es - entry), %es
        movw %cs:LOW_STATE + (entry_fs - entry), %fs
        movw %cs:LOW_STATE + (entry_gs - entry), %gs
        movl %cs:LOW_STATE + 8, %ecx
        movl %cs:LOW_STATE + 16, %edx
        movl %cs:LOW_STATE + 24, %ebx
        movl %cs:LOW_STATE + 40, %ebp
        movl %cs:LOW_STATE + 48, %esi
        movl %cs:LOW_STATE + 56, %edi
        movl %cs:LOW_STATE, %eax
        iretl

        .balign 4
low_gdtr:
        .word boot_gdt_end - boot_gdt - 1
        .long boot_gdt
low_end:

        .code32
        .section .rodata
        .balign 8
boot_gdt:
        .quad 0
        .quad 0x00cf9b000000ffff                # 08 32-bit code
        .quad 0x00cf93000000ffff                # 10 data
        .quad 0x00009b000000ffff                # 18 16-bit code, 64 KiB
        .quad 0x000093000000ffff                # 20 data, 64 KiB
boot_gdt_end:
boot_gdtr:
        .word boot_gdt_end - boot_gdt - 1
        .long boot_gdt
        .balign 4
msr_numbers:
        .long 0xc0000080, 0xc0000081, 0xc0000082, 0xc0000083, 0xc0000084
        .long 0xc0000100, 0xc0000101, 0xc0000102, 0x174, 0x175, 0x176
        .set MSRS, (. - msr_numbers) / 4
# What is put back before every case: from, to, dwords.
extents:
        .long entry_template, entry, (entry_template_end - entry_template) / 4
        .long gdt_template, gdt, (gdt_end - gdt_template) / 4
        .long zeros, gdt + (gdt_end - gdt_template), 96
        .long zeros, ldt, 64
        .long tss_template, tss, (tss_end - tss_template) / 4
        .long tss16_template, tss16, (tss16_end - tss16_template) / 4
        .long zeros, stack0 - 256, 96
        .long zeros, stack1 - 256, 96
        .long zeros, stack2 - 256, 96
        .long zeros, stack3 - 256, 96
        .long zeros, compat_stack - 256, 96
        .long zeros, narrow_stack - 256, 96
        .long zeros, low_stack - 256, 96
        .long 0, 0, 0

        .balign 8
# The state a case starts from, unless it pokes another.
entry_template:
        .fill 16, 8, 0
        .long code3 + 0x40000000 - arena, 0, 0x23, 0, 0x2, 0, stack3 + 0x40000000 - arena, 0, 0x1b, 0
        .quad 0x1b, 0x1b, 0, 0
        .long GOOD_CR0, 0, directory, 0, GOOD_CR4, 0
        .quad 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        .quad 0x7ffffff1, 0x7ffffff1, 0x7ffffff1, 0x7ffffff1, 0xffff0ff0, 0x400
        .long 0, 0x01ff << 16, gdt, 0
        .long 0, 0x07ff << 16, idt, 0
        .quad 0x40, 0x38
entry_template_end:

gdt_template:
        .quad 0
        .quad 0x00cf9b000000ffff                # 08 32-bit code, DPL 0
        .quad 0x00cf93000000ffff                # 10 data, DPL 0
        .quad 0x00cff3000000ffff                # 18 data, DPL 3
        .quad 0x00cffb000000ffff                # 20 32-bit code, DPL 3
        .quad 0x4000fb000000ffff                # 28 16-bit code, DPL 3, at the user's window
        .quad 0x4000f3000000ffff                # 30 data with a stack of 16 bits, DPL 3, the same
        .word tss_end - tss_template - 1, tss_low
        .byte tss_middle, 0x89, 0, 0            # 38 TSS
        .word 0xff, ldt_low
        .byte ldt_middle, 0x82, 0, 0            # 40 LDT
        .quad 0x00cfbb000000ffff                # 48 32-bit code, DPL 1
        .quad 0x00cfb3000000ffff                # 50 data, DPL 1
        .quad 0x00cfdb000000ffff                # 58 32-bit code, DPL 2
        .quad 0x00cfd3000000ffff                # 60 data, DPL 2
        .quad 0x00009b400000ffff                # 68 16-bit code, DPL 0, at the arena
        .quad 0x000093000000ffff                # 70 data with a stack of 16 bits, DPL 0, at 0
        .word tss16_end - tss16_template - 1, tss16_low
        .byte tss16_middle, 0x81, 0, 0          # 78 16-bit TSS
gdt_end:

tss_template:
        .long 0
        .long stack0, 0x10, stack1, 0x51, stack2, 0x62
        .fill 18, 4, 0
        .word 0, tss_bitmap - tss_template
tss_bitmap:
        .fill 32, 1, 0xff
        .balign 8
tss_end:
tss16_template:
        .word 0
        .word low_stack, 0x10, low_stack - 0x400, 0x51, low_stack - 0x800, 0x62
        .fill 15, 2, 0
        .balign 8
tss16_end:

        .bss
        .balign 4096
zeros:  .skip 4096
identity:       .skip 8192
user_window:    .skip 4096
pae_low:        .skip 4096
pae_first:      .skip 4096
pae_user:       .skip 4096
pae_window:     .skip 4096
        .skip 4096
harness_stack:
undo_log:       .skip 12 * 512
undo_end:       .skip 4
case_at:        .skip 4
cases_left:     .skip 4
record_at:      .skip 4
watch_at:       .skip 4
watch_count:    .skip 4
start_ds:       .skip 4
        .balign 8
saved_registers: .skip 128
saved_frame:    .skip 64
saved_vector:   .skip 4
saved_error:    .skip 4
saved_rip:      .skip 4
saved_cs:       .skip 4
saved_rflags:   .skip 4
saved_rsp:      .skip 4
saved_outer_ss: .skip 4
saved_flags:    .skip 4
saved_cr0:      .skip 4
saved_ss:       .skip 4
saved_ds:       .skip 4
saved_es:       .skip 4
saved_fs:       .skip 4
saved_gs:       .skip 4
        .balign 4096
done:   .skip 8

        .section .arena, "aw", @nobits
arena:
# In the first 64 KiB, for segments of that size: what code runs on.
fill_from:
code0:  .skip 4096
code3:  .skip 4096
second_code3: .skip 4096
data0:  .skip 4096
data3:  .skip 4096
        .set fill_dwords, (. - fill_from) / 4
# Stacks begin in the middle of pages of their own.
        .skip 2048
stack0: .skip 4096
stack1: .skip 4096
stack2: .skip 4096
stack3: .skip 4096
compat_stack: .skip 4096
narrow_stack: .skip 2048
        .balign 4096
entry:  .skip 128
entry_frame: .skip 40
entry_ds: .skip 8
entry_es: .skip 8
entry_fs: .skip 8
entry_gs: .skip 8
entry_cr0: .skip 8
entry_cr3: .skip 8
entry_cr4: .skip 8
entry_msrs: .skip 8 * 11
entry_dr: .skip 8 * 6
entry_gdtr: .skip 16
entry_idtr: .skip 16
entry_ldtr: .skip 8
entry_tr: .skip 8
        .balign 4096
gdt:    .skip 4096
ldt:    .skip 4096
tss:    .skip 4096
tss16:  .skip 4096
        .skip 4096
idt:    .skip 4096
directory: .skip 4096
table:  .skip 4096
pointers: .skip 4096
page_directory: .skip 4096
page_table: .skip 4096
