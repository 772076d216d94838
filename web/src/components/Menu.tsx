/** Menus of rows. There is one for the whole page, which opens at the button that asks for it: a menu for each row would
 * make long lists slow. Its code is loaded when a pointer or the focus first comes to such a button. */
import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from "react";
import { Icon } from "./Icon";

export interface MenuItem {
  label: string;
  onSelect: () => void;
  isDanger?: boolean;
}

export interface OpenMenu {
  /** Opened by a key: the focus goes to the first item then. */
  isByKey: boolean;
  anchor: HTMLElement;
  label: string;
  items: MenuItem[];
}

const loadBox = () => import("./MenuBox");
const MenuBox = lazy(loadBox);

interface Host {
  open: (menu: OpenMenu) => void;
  /** The button whose menu is open. */
  anchor: HTMLElement | undefined;
}

const MenuContext = createContext<Host>({ open: () => {}, anchor: undefined });

export function MenuHost({ children }: { children: ReactNode }) {
  const [menu, setMenu] = useState<OpenMenu>();
  const [isOpen, setIsOpen] = useState(false);
  const host = useMemo(() => {
    const open = (next: OpenMenu) => {
      setMenu(next);
      setIsOpen(true);
    };
    return { open, anchor: isOpen ? menu?.anchor : undefined };
  }, [menu, isOpen]);
  return (
    <MenuContext value={host}>
      {children}
      {menu && (
        <Suspense fallback={null}>
          <MenuBox menu={menu} isOpen={isOpen} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </MenuContext>
  );
}

/** The button with three dots; `label` says whose menu it is: "Actions for default". */
export function MenuButton({ label, items }: { label: string; items: MenuItem[] }) {
  const { open, anchor } = useContext(MenuContext);
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  // What fails here fails again at the click.
  const preload = () => void loadBox().catch(() => {});
  return (
    <button
      ref={setButton}
      type="button"
      className="button quiet icon"
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={button !== null && anchor === button}
      onPointerEnter={preload}
      onFocus={preload}
      // A click that counts no press comes from a key.
      onClick={({ currentTarget, detail }) => open({ isByKey: detail === 0, anchor: currentTarget, label, items })}
    >
      <Icon name="dots" />
    </button>
  );
}
