/** Links and files: what goes in comes out, old ones open for ever, damaged ones are refused in words. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { isProblem, problem } from '../../machine/loader/problem.ts';
import { registersOf } from '../view.ts';
import { builtFiles, resolveBuilt } from '../../testing/builtFiles.ts';
import { builtFile, emergence } from '../../testing/emergence.ts';
import { kernelText, presentParts } from '../../testing/kernelParts.ts';
import { buildKernel } from '../building/kernel.ts';
import { partsFile } from '../building/parts.ts';
import { finish, History } from '../history/history.ts';
import { toBase64Url } from './base64.ts';
import { compress } from './compression.ts';
import { contentHash } from './contentHash.ts';
import { decodeFile, decodeLink } from './decode.ts';
import { encodeFile, encodeLink } from './encode.ts';
import { sourcesOf } from './linkedKernel.ts';
import { knownOf, resolverOf } from './resolve.ts';
import { describeMachine, type KnownFiles, openMachine, type Opened } from './share.ts';
import type { SharedMachine } from './shared.ts';
import type { SourceChange } from './sourceChanges.ts';

const SOURCE = readFileSync(fileURLToPath(new URL('../../kernel/user/userprog.S', import.meta.url)), 'utf8');

const resolve = resolveBuilt;
let known: KnownFiles;
beforeAll(async () => {
  known = await knownOf(
    builtFiles,
    ['userprog', 'echo'].map((name) => ({ name, bytes: builtFile(name) })),
  );
});

const VIEW = { microSteps: 0, breakpoints: [0xffffffff80100000n], panels: ['registers', 'timeline'], hash: true };

async function open(shared: SharedMachine): Promise<Opened> {
  const opened = await openMachine(shared, resolve);
  if (isProblem(opened)) throw new Error(opened.detail);
  expect(finish(opened.arrive())).toBeUndefined();
  return opened;
}

async function decoded(link: string): Promise<SharedMachine> {
  const shared = await decodeLink(link);
  if (isProblem(shared)) throw new Error(shared.detail);
  return shared;
}

/** A run with everything that can be done to it. */
function eventful(): History {
  const history = new History(emergence(['echo']).machine);
  history.run(30_000);
  history.record({ kind: 'serial', bytes: new Uint8Array([104, 105, 13, 255]) });
  history.run(300_000);
  history.record({ kind: 'poke', target: { kind: 'register', name: 'r15' }, value: 0xfedcba9876543210n });
  history.record({ kind: 'poke', target: { kind: 'msr', name: 'IA32_FMASK' }, value: 0x700n });
  history.record({ kind: 'poke', target: { kind: 'descriptor', table: 'gdt', index: 6 }, value: 0n });
  history.record({ kind: 'poke', target: { kind: 'physical', address: 0x9000n, bytes: 4 }, value: 0x1234n });
  const { base } = registersOf(history.machine).gdtr;
  history.record({ kind: 'poke', target: { kind: 'register', name: 'ldtr.base' }, value: base });
  history.record({ kind: 'poke', target: { kind: 'register', name: 'ldtr.attributes' }, value: 0x82n });
  history.record({ kind: 'poke', target: { kind: 'descriptor', table: 'ldt', index: 6 }, value: 5n });
  history.record({ kind: 'poke', target: { kind: 'register', name: 'dr3' }, value: 0x1234n });
  history.run(5000);
  history.record({ kind: 'reset' });
  history.run(20_000);
  const { kernel, commandLine } = history.machine.setup;
  const modules = [{ name: 'userprog', bytes: builtFile('userprog') }];
  history.record({ kind: 'load', kernel, commandLine, modules, label: 'another program' });
  history.run(40_000);
  return history;
}

describe('a link', () => {
  test('opens to the same state and can go back from there', async () => {
    const history = eventful();
    const shared = describeMachine(history, known, VIEW);
    const link = await encodeLink(shared);
    const back = await decoded(`#${link}`);
    expect(back).toEqual(shared);
    const opened = await open(back);
    expect(opened.history.machine.hash()).toBe(history.machine.hash());
    expect(opened.history.output.length).toBe(history.output.length);
    finish(opened.history.stepBack());
    finish(history.stepBack());
    expect(opened.history.machine.hash()).toBe(history.machine.hash());
  });

  test('made in the past keeps what comes later', async () => {
    const history = eventful();
    finish(history.seek({ count: 100_000 }));
    const opened = await open(await decoded(await encodeLink(describeMachine(history, known, VIEW))));
    expect(opened.history.events).toHaveLength(history.events.length);
    expect(opened.history.inPast).toBe(true);
  });

  test('to an edited program of 100 lines has less than 1500 characters', async () => {
    const history = new History(emergence(['userprog']).machine);
    history.run(40_000);
    const lines = SOURCE.split('\n');
    const text = Array.from({ length: 100 }, (_, n) => lines[n % lines.length]).join('\n');
    const shared = describeMachine(history, known, { ...VIEW, breakpoints: [] });
    const link = await encodeLink({ ...shared, modules: [{ name: 'userprog', text }] });
    expect(link.length).toBeLessThan(1500);
  });

  test('with 10,000 typed characters opens', async () => {
    const history = new History(emergence(['echo']).machine);
    history.run(60_000);
    for (let n = 0; n < 10_000; n++) {
      history.record({ kind: 'serial', bytes: new Uint8Array([n % 20 === 19 ? 13 : 97 + (n % 26)]) });
      history.run(100);
    }
    const link = await encodeLink(describeMachine(history, known, VIEW));
    const opened = await open(await decoded(link));
    expect(opened.history.position).toEqual(history.position);
  });

  test('that leads elsewhere says so', async () => {
    const shared = describeMachine(eventful(), known, VIEW);
    for (const wrong of [
      { ...shared, hash: '0123456789abcdef' },
      { ...shared, position: { ...shared.position, turn: shared.position.turn + 1 } },
      { ...shared, position: { ...shared.position, count: 2 ** 40, time: 2 ** 41 } },
    ]) {
      const opened = await openMachine(wrong, resolve);
      if (isProblem(opened)) throw new Error(opened.detail);
      const work = opened.arrive();
      let [answer, slices] = [work.next(), 0];
      while (!answer.done && slices++ < 100) answer = work.next();
      // What would run for ever can be dropped; everything else has an answer.
      expect(answer.done ? answer.value?.title : 'under way').toMatch(/cannot be repeated|under way/);
    }
  });
});

describe('a link to a changed kernel', () => {
  const ENTRY = 'arch/x86_64/syscall_entry.S';

  function linked(texts: Readonly<Record<string, string>>): Uint8Array {
    const answer = buildKernel(presentParts(texts));
    if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
    return answer.build.kernel;
  }

  /** A run on the built kernel, and on with one whose sources were changed. */
  async function edited(text: string): Promise<{ history: History; shared: SharedMachine; kernel: Uint8Array }> {
    const history = new History(emergence(['userprog']).machine);
    history.run(20_000);
    const kernel = linked({ [ENTRY]: text });
    const { modules } = history.machine.setup;
    history.record({ kind: 'load', kernel, commandLine: '', modules, label: 'kernel edited' });
    history.run(30_000);
    const source = { parts: contentHash(partsFile(presentParts())), texts: { [ENTRY]: text } };
    const sources = await sourcesOf(builtFiles, kernel, source);
    const files = { ...known, sourcesOf: (bytes: Uint8Array) => (bytes === kernel ? sources : null) };
    return { history, shared: describeMachine(history, files, VIEW), kernel };
  }

  test('carries what was changed in its sources, and opens to the identical machine', async () => {
    const text = kernelText(ENTRY).replace(/^syscall_entry:.*$/m, '$&\n    nop  # one more: “ä”');
    const { history, shared, kernel } = await edited(text);
    const link = await encodeLink(shared);
    expect(link.length).toBeLessThan(600);
    const back = await decoded(link);
    expect(back).toEqual(shared);
    const texts: Readonly<Record<string, string>>[] = [];
    const resolver = resolverOf(
      builtFiles,
      async () => problem('None', 'There is no program to be assembled.'),
      ({ source, bytes }) => {
        expect(bytes).toEqual(kernel);
        texts.push(source.texts);
      },
    );
    const opened = await openMachine(back, resolver);
    if (isProblem(opened)) throw new Error(opened.detail);
    expect(finish(opened.arrive())).toBeUndefined();
    expect(opened.history.machine.hash()).toBe(history.machine.hash());
    expect(texts).toEqual([{ [ENTRY]: text }]);
  });

  test('carries the bytes when they do not come of the sources', async () => {
    const source = { parts: contentHash(partsFile(presentParts())), texts: { [ENTRY]: kernelText(ENTRY) } };
    const other = linked({ [ENTRY]: kernelText(ENTRY).replace(/^syscall_entry:.*$/m, '$&\n    nop') });
    expect(await sourcesOf(builtFiles, other, source)).toBeNull();
    expect(await sourcesOf(builtFiles, other, { ...source, parts: '00000000' })).toBeNull();
  });

  test('is refused in words when its changes do not fit, are not assembled, or the build is not kept', async () => {
    const { shared } = await edited(kernelText(ENTRY).replace(/^syscall_entry:.*$/m, '$&\n    nop'));
    const answer = async (parts: string, changes: readonly SourceChange[]) => {
      const kernel = { name: 'emergence', sources: { parts, changes } };
      const opened = await openMachine({ ...shared, kernel, events: [] }, resolve);
      return isProblem(opened) ? opened.detail : 'opened';
    };
    const parts = contentHash(partsFile(presentParts()));
    const change = { path: ENTRY, head: 0, tail: 0, text: '' };
    expect(await answer(parts, [{ ...change, head: 1 << 19 }])).toContain('a source that is not there');
    expect(await answer(parts, [{ ...change, path: 'arch/x86_64/none.S' }])).toContain('a source that is not there');
    expect(await answer(parts, [{ ...change, text: 'nopp\n' }])).toMatch(
      /refuses line 1 of arch.x86_64.syscall_entry\.S\.$/,
    );
    expect(await answer('0badc0de', [change])).toContain('build 0badc0de');
  });

  test('with parts of another shape is damaged', async () => {
    const pack = async (k: unknown): Promise<unknown> =>
      decodeLink(`3.${toBase64Url(await compress(new TextEncoder().encode(JSON.stringify({ k, a: [0, 0, 0, 0] }))))}`);
    const good = ['emergence', 's', 'c78e77ca', [[ENTRY, 1, 2, 'x']]];
    expect(isProblem((await pack(good)) as object)).toBe(false);
    for (const k of [
      ['emergence', 's', 'c78e77c', []],
      ['emergence', 's', 'c78e77ca'],
      ['emergence', 's', 'c78e77ca', [['../../etc/passwd', 1, 2, 'x']]],
      ['emergence', 's', 'c78e77ca', [[ENTRY, -1, 2, 'x']]],
      ['emergence', 's', 'c78e77ca', [[ENTRY, 1, 2 ** 30, 'x']]],
      ['emergence', 's', 'c78e77ca', [[ENTRY, 1, 2, 3]]],
      [
        'emergence',
        's',
        'c78e77ca',
        [
          [ENTRY, 1, 2, 'x'],
          [ENTRY, 1, 2, 'x'],
        ],
      ],
      ['emergence', 's', 'c78e77ca', Array.from({ length: 65 }, (_, n) => [`arch/x86_64/a${n}.S`, 1, 2, 'x'])],
    ]) {
      expect(await pack(k), JSON.stringify(k)).toHaveProperty('title');
    }
  });
});

describe('links of every version ever made', () => {
  test.each(PINNED())('version $version opens', async ({ version, link, count }) => {
    const shared = await decoded(link);
    expect(shared.position.count).toBe(count);
    // Version 1 did not say which build of the kernel it was made with.
    if (version > 1) expect((await open(shared)).history.machine.hash()).toBe(shared.hash);
    expect(shared.events.map(({ event }) => event.kind)).toEqual([
      'serial',
      'poke',
      'poke',
      'poke',
      'poke',
      'reset',
      'load',
    ]);
  });
});

function PINNED(): { version: number; link: string; count: number }[] {
  return [
    {
      version: 1,
      link: '1.ZZC9asNAEIRfJUw9xel-dFp1bgwhpEqpHEHWnSyBZZuzIIXxs6XIi4Wz03m3WeabgWGvGNF2HdIwnRACsaCtaiIV1SilFBsR751rKMQKYpo_8-8PAh9cUWsnzlrxQq09cQY7ZBC5cgjEmOKw66XxtbNGV6pEFcs-rAuI143RX9v3zcdbSXj1ZIog9nEF60A80TMIUUqBNhCVNrY4XGlnRESXwxK5qPpeWkSscjU1cQDRH0_rlPLLOZ_2uV_A6618o0fbGbHaGWoj4lTjxFBbQx-IHdoO4_80qrq_o_T_LiCn_XxZU76AWOclHeZjKnBCi9FJjGnQQx0bE6uE2x8',
      count: 394253,
    },
    {
      version: 2,
      link: '2.nZCxTgMxEER_BU09hb0--7zX0SAhREV5WOhy8SURuSRyTqKI-DYKfgw5oaNjt9s3s7uaC97R9chzLpt8GDOILQg_THFlVZGICV3fI4_b4y-U4P0YzYiUiBmdDUSuImeMMWxV29iEwEgs1bJ7Ld9fSLxxQzGNeq--dRQTiBPYo4Ao1l8P5vW4GjS2wTdOrKlWw9o36Qzi8d7J28Pz_ctTdbTmj2gNYrNewJCIP_QEQo0xYJMIK66pCl-_c6pqmxjZEKVO5fq0qjqNSiH2IIbDcdnmcncqx00ZZvDyjyBHGUYfZY2UPnkDNdIBXe-isSIU26oX522giGWbiFU9M_1WNPaaaV3_UUHJm915yeUMYtnNeb875Aq36CBTHKIP02itz3nV4PMH',
      count: 380122,
    },
    {
      version: 3,
      link: '3.bVRti9s4EP4rw-QWdmHOle34Lfdp6XHc0h4Hm35oiU1Q5NnYF1tOJaWbUPrb7sP9sSLHWZbsyWDBPM_M6JnR6DvucLFC7tlsWStGwgYJE_mUb8KiwIrwCRerFbJqhgmM0iRRuVBYVYQ9LsKUkD0pFkIIyooiy-dpSjmh8y5taf77Fys644IiMS-SpEiymCKREu6RVmiQcGuDjbTsk4ZRPE_SLC_kxnsK8t-Z2SPhw30crf_46375wZMzIa5JtQ9XO6S0InyDdkj4NC0lhIhZCKT5lNezE3_QuCiKcJ7nNCc03hqN5y-KIi7ygiIaA-3YaO6A69ZxjfT9bUUtEqos5yxTEmm1QmlU8-6Yp-t0_s6erJJdt2btzClYIiW5oCgOE0I97AFmMGiGfjBcagAArKqXphwsm70Ztniu9AwuhmC5ANcw1IM69Kwd1yMEHjOyD-DBgZUnC66RDkyrtxDD82B2lmBzguWX5fv7jx-p1DOQugY-ts4GFzPsmPcW-BubExjettaxAT4q3jt4vP8Mtz61YXvo3B3B4_vPY5DHMAxKPWu16g41Q4mT8qApsdRncYFl5dpBQ-D46ALrpHEEJcqj54yMbTdsOliPUKnP--KMzcCe7PrZtI5vQ-_26c-Hx9_h7w9lqUskKO7OvH749hV-WX5ZnrkEN0YeX0OhN9UtvF0zsE7qWpoahoPbH9zZrWP5FXq2Vm759sa0-zsfwbavg07wumO9dc2YYUo6FeK1CF_xW3H3G2yk2kHDhuG5dc3YVDUctINW-1pfC_J-r_UcB9PBDdctjf-rfOEC4J9-D-Hmf6S-KNaDA8NSNVwvxqsA9cB2MruD0W-7Z4ZaOlnqSfPUn0Ba1bbXfXnxdXBdogB-vdhKjVX1w199iYtVXMzjKKYozIokipMwpSgKKasIN374LrOdi3B8cvwj8eyBy231E-nanrtWj89NgwvM4_ppkyuhQpWLWM7xx08',
      count: 394323,
    },
  ];
}

test('a link made with a build that is not kept says which', async () => {
  const shared = describeMachine(eventful(), known, VIEW);
  const opened = await openMachine({ ...shared, kernel: { name: 'emergence', hash: '0badc0de' } }, resolve);
  expect(isProblem(opened) && opened.detail).toContain('build 0badc0de of emergence');
});

describe('a file', () => {
  test('holds a kernel of one’s own', async () => {
    const history = new History(emergence(['userprog']).machine);
    history.run(1000);
    const shared = describeMachine(history, { ...known, isBuilt: () => false }, VIEW);
    expect(shared.kernel?.bytes).toEqual(builtFile('emergence'));
    const back = await decodeFile(await encodeFile(shared));
    expect(back).toEqual(shared);
  });

  test('that is none is refused', async () => {
    for (const bytes of [
      new Uint8Array(),
      new Uint8Array([0x7f, 0x45, 0x4c, 0x46]),
      new Uint8Array([0x45, 0x4d, 0x52, 0x47, 9]),
    ]) {
      expect(isProblem(await decodeFile(bytes))).toBe(true);
    }
  });
});

describe('damaged and hostile links', () => {
  test('are refused in plain words', async () => {
    for (const text of ['', '#', 'x', '1', '1.', '1.*', '1.AAAA', '99.AAAA', `1.${'A'.repeat(2_000_000)}`]) {
      const answer = await decodeLink(text);
      expect(isProblem(answer) && answer.detail, text.slice(0, 20)).toMatch(/^[\w .,:()'-]+$/);
    }
  });

  test('that unpack to more than 4 MiB are refused', async () => {
    const shared = describeMachine(new History(emergence(['userprog']).machine), known, VIEW);
    const link = await encodeLink({ ...shared, panels: ['a'.repeat(5 << 20)] });
    expect(link.length).toBeLessThan(1 << 20);
    expect(await decodeLink(link)).toHaveProperty('detail', expect.stringContaining('4 MiB'));
  });
});
