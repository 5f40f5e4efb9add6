/** Public face of `controls`: small parts that know nothing of dumps. */
export { AddressText } from "./address.tsx";
export { Button, ButtonLink } from "./button.tsx";
export { Dialog, DialogButtons, TextInput } from "./dialog.tsx";
export { FileInput } from "./file-input.tsx";
export { Fold } from "./fold.tsx";
export { KeyCap } from "./key-cap.tsx";
export { Menu, type MenuItem } from "./menu.tsx";
export { Progress } from "./progress.tsx";
export { type Choice, Segmented } from "./segmented.tsx";
export { Select } from "./select.tsx";
export { Splitter } from "./splitter.tsx";
export { Empty, Failure, Loading } from "./state-line.tsx";
export { Swatch } from "./swatch.tsx";
export { Switch } from "./switch.tsx";
export { Tabs, tabPanelProps } from "./tabs.tsx";
export { useArrowKeys } from "./use-arrow-keys.ts";
