/**
 * The README's pictures, taken of the built site (`npm run build` first): `node .ci/readmePictures.js`. Look at each before
 * keeping it.
 */
import { writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { gifOf } from './gif.js';
import { pngOf, readPng } from './png.js';

const folder = 'public/pictures';
/** The middle and right columns, with the gap at their left in which lines run. */
const columns = { x: 494, y: 0, width: 784, height: 720 };

const server = await preview({ preview: { host: '127.0.0.1', port: 0 } });
const { port } = server.httpServer.address();
const browser = await chromium.launch({
  ...(process.env.CHROMIUM_PATH && { executablePath: process.env.CHROMIUM_PATH }),
  args: ['--no-sandbox', '--disable-gpu'],
});

async function open(query = '', viewport = { width: 1280, height: 800 }) {
  const context = await browser.newContext({ viewport, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/${query}`);
  return page;
}

const control = (page, name) =>
  page.getByRole('toolbar', { name: 'Machine' }).getByRole('button', { name, exact: true });

/** A page whose machine stands, with everything loaded. */
async function playground(viewport) {
  const page = await open('', viewport);
  await control(page, 'Micro-step').waitFor();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.locator('.xterm-rows').waitFor({ state: 'attached' });
  await still(page);
  return page;
}

async function still(page) {
  await page.mouse.move(0, 0);
  await page.evaluate(async () => {
    document.activeElement?.blur();
    await document.fonts.ready;
    // Lists settle where they were scrolled to.
    await new Promise((resolve) => setTimeout(resolve, 400));
  });
}

async function take(page, name, options = {}) {
  await still(page);
  writeFileSync(`${folder}/${name}.png`, pngOf(readPng(await page.screenshot(options))));
}

async function microStep(page) {
  const state = page.getByRole('status', { name: 'Machine state' });
  const before = await state.innerText();
  await control(page, 'Micro-step').click();
  while ((await state.innerText()) === before) await page.waitForTimeout(20);
}

/** Runs a command of the palette by a part of its name. */
async function command(page, name) {
  await page.keyboard.press('F1');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await palette.getByRole('searchbox').fill(name);
  await palette.getByRole('menuitem').first().click();
}

/** One SYSCALL, micro-step by micro-step. */
async function film() {
  const page = await playground();
  const frames = [];
  for (let step = 0; step <= 10; step++) {
    if (step > 0) await microStep(page);
    await still(page);
    const { pixels } = readPng(await page.screenshot({ clip: columns }));
    frames.push({ pixels, ms: step === 0 ? 1500 : step === 10 ? 3000 : 1500 });
    if (step === 7) await take(page, 'syscall-walk');
  }
  writeFileSync(`${folder}/syscall.gif`, gifOf({ width: columns.width, height: columns.height, frames }));
}

await take(await playground({ width: 1440, height: 900 }), 'first-screen');
await film();

const why = await playground({ width: 1280, height: 860 });
await command(why, 'Boot options');
const boot = why.getByRole('dialog', { name: 'Boot options' });
await boot.getByRole('textbox', { name: 'Command line' }).fill('documented');
await boot.getByRole('button', { name: 'Boot', exact: true }).click();
await why.getByRole('article', { name: 'Why #PF' }).waitFor();
await take(why, 'why-card');

const lab = await open('?lab=documented');
await lab.getByRole('button', { name: 'To the fault' }).click();
await lab.getByRole('region', { name: 'Right machine', exact: true }).getByRole('article').waitFor();
await take(lab, 'flaw-lab');

const lesson = await playground();
await command(lesson, 'The life of a SYSCALL');
await lesson.getByRole('button', { name: 'Show the micro-steps' }).waitFor();
await take(lesson, 'lesson');

const line = await playground();
await control(line, 'Run').click();
await line.getByRole('status', { name: 'Machine state' }).filter({ hasText: 'exit code' }).waitFor();
// Where both rings are to be seen.
await control(line, 'Run back to').click();
await line.getByRole('menuitem', { name: 'Previous SYSCALL', exact: true }).click();
for (let n = 0; n < 5; n++) await line.getByRole('button', { name: 'Zoom in' }).click();
await take(line, 'timeline', { clip: { x: 0, y: 720, width: 1280, height: 80 } });

await browser.close();
await server.close();
