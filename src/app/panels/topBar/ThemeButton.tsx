import { Moon, Sun } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { Tip } from '../../components/Tip.tsx';
import { resolvedTheme, useSettings } from '../../store/settings.ts';

export function ThemeButton() {
  const theme = useSettings((state) => resolvedTheme(state.theme));
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <Tip tip={`Use the ${other} theme`}>
      <Control
        look="framed"
        aria-label={`Use the ${other} theme`}
        onPress={() => useSettings.setState({ theme: other })}
      >
        {theme === 'dark' ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
      </Control>
    </Tip>
  );
}
