import { assemble, isRejected } from '../assemble.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';

/** Every directive and most shapes of operand, to mutate. */
export const SAMPLE = `#include "constants.h"
#define TWICE(x) ((x) * 2)
/* a comment
   of two lines */
    .section .text.start, "ax"
    .globl _start, other
    .type _start, @function
_start:
    movq $SYS_write, %rax
    leaq message(%rip), %rsi        # the text
    movl $TWICE(4) + 1, %edx
    syscall
1:  decl %ecx
    jnz 1b
    jmp 2f
    .p2align 4,,10
2:  call *table(,%rax,8)
    lock addl $1, %gs:8(%rbx,%rcx,4)
    rep movsb; nop
    movabs $0x1122334455667788, %r9
    cmpq $-1, (%rdi)
    ret
    .size _start, . - _start
    .macro push_all first, rest:vararg
    pushq %\\first
    .ifnb \\rest
    push_all \\rest
    .endif
    .endm
    push_all rax, rbx, rcx
    .rept 3
    .byte 1, 'a', 0x1f
    .endr
    .irp reg, rax, rdx
    xorq %\\reg, %\\reg
    .endr
    .if TWICE(2) == 4
    .long 2f - 1b
    .elseif 0
    .error "no"
    .else
    .warning "never"
    .endif
2:
    .intel_syntax noprefix
    mov eax, dword ptr [rbp + rcx*4 - 8]
    lea rdx, message[rip]
    add byte ptr fs:[0x28], 7
    .att_syntax
    vaddps %ymm1, %ymm2, %ymm3
    fildl 4(%rsp)
    cvtsi2sdq %rax, %xmm1
    .code32
    ljmp $8, $here
    .code64
here:
    .section .rodata.str1.1, "aMS", @progbits, 1
message:
    .asciz "text \\x41\\101\\n"
    .set message_length, . - message
    .data
    .balign 8
table:
    .quad _start, other + 8, table - .
    .fill 3, 2, 0x1234
    .float 1.5
    .octa 0x112233445566778899aabbccddeeff
    .uleb128 table_end - table
    .zero 5
    .org table + 100
table_end:
    .bss
    .comm shared, 64, 32
    .lcomm own, 8
    .skip 16
    .weak maybe
    .hidden other
    .cfi_startproc
`;

export interface FuzzReport {
  readonly sources: number;
  readonly rejected: number;
  /** What went wrong, with the seed that does it again. */
  readonly failures: readonly string[];
  /** Longest time one source took, ms. */
  readonly slowest: number;
}

/** Assembles mutated sources; `now` gives milliseconds. */
export function fuzz(
  bases: readonly string[],
  headers: Readonly<Record<string, string>>,
  first: number,
  count: number,
  now: () => number,
): FuzzReport {
  const failures: string[] = [];
  let rejected = 0;
  let slowest = 0;
  for (let seed = first; seed < first + count && failures.length < 20; seed++) {
    const random = new Random(seed);
    const source = mutate(random.pick(bases), random);
    const include = (path: string): string | null => (path === 'self.S' ? source : (headers[path] ?? null));
    const start = now();
    try {
      const result = assemble(source, { fileName: 'fuzz.S', include });
      if (isRejected(result)) {
        rejected++;
        const lines = source.split(/\r\n|\n|\r/).length;
        for (const problem of result.problems) {
          const positioned = problem.line >= 1 && problem.line <= lines && problem.column >= 1 && problem.length >= 1;
          if (!positioned || problem.message === '') failures.push(`seed ${seed}: ${JSON.stringify(problem)}`);
        }
        if (result.problems.length === 0) failures.push(`seed ${seed}: rejected without a reason`);
      }
    } catch (error) {
      failures.push(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    const took = now() - start;
    slowest = Math.max(slowest, took);
    if (took > 1000) failures.push(`seed ${seed}: ${Math.round(took)} ms`);
  }
  return { sources: count, rejected, failures, slowest };
}
