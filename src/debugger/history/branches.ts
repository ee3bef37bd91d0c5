/** Ways a history went and was left for another one. */
import type { RecordedEvent } from './events.ts';
import type { Position } from './position.ts';

/** What is kept of a branch that is not the present one; running it again gives the rest. */
export interface EndState {
  readonly events: readonly RecordedEvent[];
  readonly end: Position;
  /** What it sent, from byte `outputFrom` on. */
  readonly output: Uint8Array;
  readonly outputFrom: number;
}

export interface Branch {
  readonly id: number;
  name: string;
  /** Where it parted from the branch that was made of it. */
  readonly forkedAt: Position;
  readonly state: EndState;
}

/** All branches as they stood. */
export interface SavedBranches {
  readonly left: readonly Branch[];
  readonly present: { readonly id: number; readonly name: string };
}

const MOST = 64;

export class Branches {
  private left: Branch[] = [];
  private nextId = 1;
  /** The branch that the machine is on. */
  present = { id: 0, name: 'main' };

  /** Branches that can be returned to. */
  all(): readonly Branch[] {
    return this.left;
  }
  find(id: number): Branch | undefined {
    return this.left.find((branch) => branch.id === id);
  }

  /** The present branch is kept as it was, and a new one begins here. Of very many the oldest is forgotten. */
  leave(state: EndState, forkedAt: Position): void {
    const { id, name } = this.present;
    this.left = [...this.left, { id, name, forkedAt, state }].slice(-MOST);
    this.present = { id: this.nextId, name: `branch ${this.nextId}` };
    this.nextId += 1;
  }

  /** The branch `id` becomes the present one; the one that was is kept. */
  swap(state: EndState, id: number, forkedAt: Position): void {
    const branch = this.find(id);
    if (branch === undefined) return;
    const { present } = this;
    this.left = [...this.left.filter((other) => other !== branch), { ...present, forkedAt, state }];
    this.present = { id: branch.id, name: branch.name };
  }

  save(): SavedBranches {
    return { left: this.left, present: this.present };
  }
  /** As `save` found them; the machine is on the same branch again. */
  restore({ left, present }: SavedBranches): void {
    this.left = [...left];
    this.present = { ...present };
  }

  rename(id: number, name: string): boolean {
    const branch = id === this.present.id ? this.present : this.find(id);
    if (branch !== undefined) branch.name = name;
    return branch !== undefined;
  }

  forget(id: number): boolean {
    const before = this.left.length;
    this.left = this.left.filter((branch) => branch.id !== id);
    return this.left.length < before;
  }
}
