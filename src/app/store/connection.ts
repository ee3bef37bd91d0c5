import * as Comlink from 'comlink';
import type { MachineListener, MachineWorker } from '../../worker/protocol.ts';
import type { MachinePort } from './port.ts';

/**
 * Starts the machine worker. `onFailure` hears of a worker that could not be loaded or that threw outside a call.
 */
export function connect(onFailure: (message: string) => void): MachinePort {
  const worker = new Worker(new URL('../../worker/machine.worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('error', (event) => onFailure(event.message || 'The machine worker could not be loaded.'));
  const remote = Comlink.wrap<MachineWorker>(worker);
  return {
    listen: (listener: MachineListener) => remote.listen(Comlink.proxy(listener)),
    boot: (options) => remote.boot(options),
    run: (target) => remote.run(target),
    pause: () => remote.pause(),
    step: () => remote.step(),
    stepOver: () => remote.stepOver(),
    microStep: () => remote.microStep(),
    serialInput: (bytes) => remote.serialInput(bytes),
    readMemory: (address, length) => remote.readMemory(address, length),
    names: (addresses) => remote.names(addresses),
    lines: (addresses) => remote.lines(addresses),
    codeOf: (file) => remote.codeOf(file),
    walk: (address) => remote.walk(address),
    walkSteps: (address, cpl, kind) => remote.walkSteps(address, cpl, kind),
    pageTable: (level, physical) => remote.pageTable(level, physical),
    origins: () => remote.origins(),
    kernel: () => remote.kernel(),
    engine: () => remote.engine(),
    repair: (at, changes) => remote.repair(at, [...changes]),
    swapProgram: (program, then, reboot) => remote.swapProgram(program, then, reboot),
    swapKernel: (kernel, then) => remote.swapKernel(kernel, then),
    setBreakpoints: (addresses) => remote.setBreakpoints(addresses),
    stateHash: () => remote.stateHash(),
    stepBack: () => remote.stepBack(),
    stepBackOver: () => remote.stepBackOver(),
    microStepBack: () => remote.microStepBack(),
    runBack: (target) => remote.runBack(target),
    goTo: (count) => remote.goTo(count),
    goToOutput: (offset) => remote.goToOutput(offset),
    whoSet: (target) => remote.whoSet(target),
    runBackToChange: (targets) => remote.runBackToChange([...targets]),
    poke: (target, value) => remote.poke(target, value),
    switchBranch: (id) => remote.switchBranch(id),
    renameBranch: (id, name) => remote.renameBranch(id, name),
    compareBranch: (id) => remote.compareBranch(id),
    undo: () => remote.undo(),
    reset: (stopAt) => remote.reset(stopAt),
    cancel: () => remote.cancel(),
    share: (view) => remote.share(view),
    saveFile: (view) => remote.saveFile(view),
    openLink: (fragment) => remote.openLink(fragment),
    openFile: (bytes) => remote.openFile(bytes),
    timeline: (from, to) => remote.timeline(from, to),
    packText: (text) => remote.packText(text),
    unpackText: (packed) => remote.unpackText(packed),
    act: (actions) => remote.act(actions),
    predict: (question) => remote.predict(question),
    check: (checks) => remote.check(checks),
    sourceText: (file) => remote.sourceText(file),
    sourceFiles: () => remote.sourceFiles(),
  };
}
