# Runs test cases in protected mode outside IA-32e mode, in virtual-8086 mode and in real-address mode, and notes what
# each handler finds. The frame of it is long.S's: cases are lists of pokes (quadwords) and of places to look at, a case
# begins with an IRET to the state in `entry`, ends with the first exception or INT3, and leaves a record of 64
# quadwords in the same order. Registers and selectors take a quadword each, of which the upper half is 0.
#
# There are no ISTs here, and a double fault has no stack of its own: what runs at CPL 0 has to keep a stack that works.
# So gates and vectors under test lead to the filling (INC EAX, INT3), and the INT3 ends the case through a gate that is
# always good, on the stack that the case came to.

#include "frame.inc"

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

#include "legacyPaging.inc"
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
        load_msrs %ebx
        load_debug_registers %eax
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

#include "legacyReal.inc"
        .code32
#include "legacyData.inc"
