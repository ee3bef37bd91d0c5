import type { SideTab } from '../store/settings.ts';
import type { MovablePanel, Place, PlacedPanel } from '../store/placing.ts';

/** A panel that stands alone in its column; all tabs of a column share one. */
export type Block = Exclude<MovablePanel, SideTab> | 'lesson' | 'tabs';

/** What a column shows, from top to bottom. */
export interface Column {
  readonly place: Place;
  readonly blocks: readonly Block[];
  readonly tabs: readonly SideTab[];
}

const standsAlone = (panel: MovablePanel): panel is Exclude<MovablePanel, SideTab> =>
  panel === 'editor' || panel === 'terminal' || panel === 'happening' || panel === 'registers';

/**
 * The columns that have something to show. Where there are only two, the right one stands below the left one, or when a
 * lesson is there already below the middle one.
 */
export function columnsOf(list: readonly PlacedPanel[], columns: 2 | 3, lesson: boolean): readonly Column[] {
  const folded = (place: Place): Place => (columns === 2 && place === 'right' ? (lesson ? 'middle' : 'left') : place);
  return (['left', 'middle', 'right'] as const)
    .map((place): Column => {
      const here = list.filter((one) => folded(one.place) === place).map(({ panel }) => panel);
      const tabs = here.filter((panel): panel is SideTab => !standsAlone(panel));
      const blocks: Block[] = here.filter(standsAlone);
      if (lesson && place === 'left') blocks.unshift('lesson');
      if (tabs.length > 0) blocks.push('tabs');
      return { place, blocks, tabs };
    })
    .filter(({ blocks }) => blocks.length > 0);
}

/** How much of a column's height each panel wants, beside the others. */
function wish(block: Block, { place, blocks }: Column): number {
  const lesson = blocks.includes('lesson');
  const withTabs = blocks.includes('tabs');
  const middle = place === 'middle' && withTabs;
  switch (block) {
    case 'lesson':
      return 56;
    case 'editor':
      return lesson ? 27 : withTabs ? 43 : 74;
    case 'terminal':
      return lesson ? 17 : withTabs ? 20 : 26;
    case 'happening':
      return middle ? 34 : 52;
    case 'registers':
      return middle ? 36 : 48;
    case 'tabs':
      return place === 'left' ? 37 : 30;
  }
}

/** Heights of a column's panels in percent. */
export function heightsOf(column: Column): readonly number[] {
  const wishes = column.blocks.map((block) => wish(block, column));
  const all = wishes.reduce((sum, one) => sum + one, 0);
  return wishes.map((one) => (100 * one) / all);
}
