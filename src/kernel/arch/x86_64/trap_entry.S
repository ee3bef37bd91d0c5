/*
 * trap_entry.S: exceptions and interrupts enter here.
 */
#include "frame.h"
#include "msr.h"
#include "segment.h"

/*
 * One stub per vector. The CPU jumps here through an interrupt gate: CPL 0,
 * IF = 0, and SS, RSP, RFLAGS, CS, RIP pushed on the kernel stack (RSP0 of the
 * TSS when it came from ring 3). Some exceptions push an error code on top, the
 * others push nothing: push 0 for those, so that all frames look alike. The stub
 * is the only one who knows the vector.
 */
    .macro TRAP number, error_code=0
    .text
vector_\number:
    .if \error_code == 0
    pushq $0
    .endif
    pushq $\number
    jmp trap_common
    .section .rodata
    .quad vector_\number
    .endm

    .section .rodata
    .balign 8
    .globl vector_table
vector_table:
    TRAP 0                      # #DE divide error
    TRAP 1                      # #DB debug
    TRAP 2                      # NMI
    TRAP 3                      # #BP breakpoint
    TRAP 4                      # #OF overflow
    TRAP 5                      # #BR bound range
    TRAP 6                      # #UD invalid opcode
    TRAP 7                      # #NM no FPU
    TRAP 8, error_code=1        # #DF double fault
    TRAP 9                      # coprocessor overrun
    TRAP 10, error_code=1       # #TS invalid TSS
    TRAP 11, error_code=1       # #NP segment not present
    TRAP 12, error_code=1       # #SS stack fault
    TRAP 13, error_code=1       # #GP general protection
    TRAP 14, error_code=1       # #PF page fault
    TRAP 15                     # reserved 15
    TRAP 16                     # #MF x87 error
    TRAP 17, error_code=1       # #AC alignment check
    TRAP 18                     # #MC machine check
    TRAP 19                     # #XM SIMD error
    TRAP 20                     # #VE virtualization
    TRAP 21, error_code=1       # #CP control protection
    TRAP 22                     # reserved 22
    TRAP 23                     # reserved 23
    TRAP 24                     # reserved 24
    TRAP 25                     # reserved 25
    TRAP 26                     # reserved 26
    TRAP 27                     # reserved 27
    TRAP 28                     # #HV hypervisor injection
    TRAP 29, error_code=1       # #VC VMM communication
    TRAP 30, error_code=1       # #SX security
    TRAP 31                     # reserved 31
    TRAP 32                     # IRQ 0
    TRAP 33                     # IRQ 1
    TRAP 34                     # IRQ 2
    TRAP 35                     # IRQ 3
    TRAP 36                     # IRQ 4
    TRAP 37                     # IRQ 5
    TRAP 38                     # IRQ 6
    TRAP 39                     # IRQ 7
    TRAP 40                     # IRQ 8
    TRAP 41                     # IRQ 9
    TRAP 42                     # IRQ 10
    TRAP 43                     # IRQ 11
    TRAP 44                     # IRQ 12
    TRAP 45                     # IRQ 13
    TRAP 46                     # IRQ 14
    TRAP 47                     # IRQ 15
    TRAP 48                     # local APIC: timer
    TRAP 49                     # local APIC: spurious

/*
 * trap_common: from the stubs, RSP at the vector. GS is ring 3's if and only if
 * ring 3 was interrupted, which the pushed CS tells.
 */
    .text
    .globl trap_common
trap_common:
    testb $RPL3, (FRAME_CS - FRAME_VECTOR)(%rsp)
    jz 1f
    swapgs
1:  PUSH_REGISTERS
    pushq $RFLAGS_FIXED         # the gate cleared IF, TF and NT, but DF and AC are still
    popfq                       # as ring 3 left them: string instructions and SMAP depend on them
    movq %rsp, %rdi
    call trap
    jmp return_to_user
