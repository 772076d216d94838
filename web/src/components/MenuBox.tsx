/** The menu itself; Menu.tsx loads it. It stays when it has closed, as it gives the focus back to its button then. */
import { Menu } from "@base-ui/react/menu";
import { useRef } from "react";
import type { OpenMenu } from "./Menu";
import styles from "./MenuBox.module.css";

interface Props {
  menu: OpenMenu;
  isOpen: boolean;
  onClose: () => void;
}

export default function MenuBox({ menu, isOpen, onClose }: Props) {
  const first = useRef<HTMLDivElement>(null);
  return (
    <Menu.Root open={isOpen} onOpenChange={(open) => open || onClose()}>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} anchor={menu.anchor} align="end" sideOffset={4}>
          <Menu.Popup
            className={styles.popup}
            aria-label={menu.label}
            onFocus={({ target, currentTarget }) => menu.isByKey && target === currentTarget && first.current?.focus()}
            finalFocus={() => menu.anchor}
          >
            {menu.items.map((item, at) => (
              <Menu.Item
                key={item.label}
                ref={at === 0 ? first : undefined}
                className={item.isDanger ? `${styles.item} ${styles.danger}` : styles.item}
                onClick={item.onSelect}
              >
                {item.label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
