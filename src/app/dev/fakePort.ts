import type { MachineListener, MachineView } from '../../worker/protocol.ts';
import type { MachinePort } from '../store/port.ts';
import { viewAt } from '../testing/views.ts';

const source = `/* The first program in ring 3. */
#include "syscall.h"

        .section .text
        .globl _start
        .type _start, @function
# Entry point: the kernel jumps here by IRETQ.
# RSP stands at the top of the user's stack,
# RFLAGS holds 202h.

_start:
        # sys_write(1, "RING3 OK", 8)
        mov     $SYS_write, %rax
        mov     $1, %rdi                # stdout
        lea     user_msg(%rip), %rsi
        mov     $8, %rdx
        syscall
        # back here with the count in %rax
        mov     $SYS_exit, %rax
        xor     %edi, %edi
        syscall
1:      jmp     1b

        .section .rodata
user_msg: .asciz "RING3 OK"
`;
const c = `#include "syscall.h"

/* Numbers to functions. */
static long (*const table[])(long, long, long) = {
    [SYS_write] = sys_write, // 1
    [SYS_exit] = sys_exit,
};
`;
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

export function fakePort(): MachinePort {
  let listener: MachineListener | null = null;
  let position = 0;
  let instructions = 1204331;
  let running = false;
  const scene = new URLSearchParams(location.search).get('scene');
  const view = (): MachineView => {
    const base = viewAt(instructions, position);
    if (scene === 'code') return { ...base, microcode: null };
    if (scene === 'fault')
      return {
        ...base,
        state: 'triple-fault',
        microcode: null,
        stop: {
          text: 'Triple fault: #PF at 400000, then #SS, then #DF. The processor has shut down.',
          reason: 'triple-fault',
        },
        why: [
          {
            name: '#PF',
            vector: 14,
            errorCode: 5,
            at: instructions,
            rip: 0x400000n,
            cpl: 3,
            check: 'U/S = 1 at every level of the walk',
            expected: '1',
            actual: '0 in PML4E',
            manual: 'SDM vol. 3A, 4.6.1',
            address: 0x400000n,
            walk: [
              { name: 'PML4E', index: 0, at: 0x109000n, entry: 0x105003n, refused: 'U/S' },
              { name: 'PDPTE', index: 0, at: 0x105000n, entry: 0x106003n, refused: 'U/S' },
              { name: 'PDE', index: 2, at: 0x106010n, entry: 0x400187n, refused: null },
            ],
          },
          {
            name: '#SS',
            vector: 12,
            errorCode: 0,
            at: instructions,
            rip: 0x400000n,
            cpl: 3,
            check: 'RSP0 from the TSS is canonical',
            expected: 'canonical',
            actual: 'f000f841f000f84d',
            manual: 'SDM vol. 3A, 6.14.2',
            walk: null,
            address: null,
          },
          {
            name: '#DF',
            vector: 8,
            errorCode: 0,
            at: instructions,
            rip: 0x400000n,
            cpl: 3,
            check: 'RSP0 from the TSS is canonical',
            expected: 'canonical',
            actual: 'f000f841f000f84d',
            manual: 'SDM vol. 3A, 6.15',
            walk: null,
            address: null,
          },
        ],
      };
    return base;
  };
  return {
    async listen(given) {
      listener = given;
    },
    async boot(options) {
      await wait(50);
      if (options.kernel !== undefined)
        return {
          title: 'Not an ELF file',
          detail: 'The file begins with 4d 5a, not with 7f 45 4c 46. Build an ELF32 or ELF64 multiboot kernel.',
        };
      position = 0;
      listener?.serial(
        new TextEncoder().encode(
          'Emergence kernel, corrected layout, 128 MiB\r\n[syscall] EFER.SCE=1 STAR=0013_0008_0000_0000 LSTAR=ffffffff80100340 FMASK=44700\r\n[user] pid 1 userprog: entry 400000, stack 7ffffffff000\r\n',
        ),
      );
      return view();
    },
    async run() {
      running = true;
      (async () => {
        while (running) {
          await wait(33);
          instructions += 3_000_000;
          listener?.running({ instructions, cpl: instructions % 2 ? 3 : 0, mips: 90.5 });
        }
      })();
    },
    async pause() {
      running = false;
      return view();
    },
    async step() {
      position = 0;
      instructions++;
      return view();
    },
    async stepOver() {
      instructions++;
      return view();
    },
    async microStep() {
      position = (position + 1) % 11;
      return { ...view(), stop: { text: `Step ${position} of SYSCALL done`, reason: 'micro-step' } };
    },
    async serialInput(bytes) {
      listener?.serial(bytes);
    },
    async readMemory(address, length) {
      return Array.from({ length }, (_, i) => (i > 200 ? null : Number((address + BigInt(i) * 7n) & 0xffn)));
    },
    async sourceText(file) {
      await wait(30);
      return file.endsWith('.c') ? c : file.endsWith('userprog.S') ? source : null;
    },
  };
}
