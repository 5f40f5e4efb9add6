/** What the dump of a machine says of its kernel and its processors; registers and VMCOREINFO unfold. */
import type { ReactNode } from "react";
import type { SnapshotDetail } from "../../../shared/api/index.ts";
import { AddressText, Fold } from "../../controls/index.ts";
import { formatBytes, formatCount, formatPlural, formatTime } from "../../format/index.ts";
import styles from "./machine.module.css";
import sidebar from "./sidebar.module.css";

type Machine = NonNullable<SnapshotDetail["facts"]["machine"]>;
type Processor = Machine["processors"][number];
type Vmcoreinfo = NonNullable<Machine["vmcoreinfo"]>;
type Registers = NonNullable<Processor["qemu"]>["registers"];

const UNKNOWN = "not in the dump";
/** The instruction pointer, by the architecture's name for it. */
const INSTRUCTION_POINTERS = ["rip", "eip", "pc"] as const;
/** A longer name and 64 bits need a row of their own. */
const NAME_LENGTH = 6;

export function MachineSection({ machine }: { machine: Machine }) {
  const { processors, processorCount, vmcoreinfo } = machine;
  return (
    <section className={sidebar.section} aria-label="Machine">
      <header>
        <h3>Machine</h3>
      </header>
      <dl className={sidebar.facts} data-wide="true">
        {vmcoreinfo === null ? (
          <>
            <dt>VMCOREINFO</dt>
            <dd>{UNKNOWN}</dd>
          </>
        ) : (
          <Kernel vmcoreinfo={vmcoreinfo} />
        )}
        <dt>Processors</dt>
        <dd>{processorCount === 0 ? UNKNOWN : formatCount(processorCount)}</dd>
      </dl>
      <div className={styles.folds}>
        {processors.map((processor, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a processor's number is its place
          <MachineFold key={index} title={`Processor ${index}`} aside={<Standing processor={processor} />}>
            <ProcessorState processor={processor} />
          </MachineFold>
        ))}
        {vmcoreinfo !== null && (
          <MachineFold title="VMCOREINFO" aside={formatPlural(vmcoreinfo.lines.length, "line")}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
            <pre className={styles.text} tabIndex={0}>
              {vmcoreinfo.text}
            </pre>
          </MachineFold>
        )}
      </div>
    </section>
  );
}

function Kernel({ vmcoreinfo }: { vmcoreinfo: Vmcoreinfo }) {
  const { kernelRelease, buildId, kernelOffset, pageSize, crashedAt } = vmcoreinfo;
  return (
    <>
      <dt>Kernel release</dt>
      <dd>{kernelRelease ?? UNKNOWN}</dd>
      <dt>Kernel build id</dt>
      <dd>{buildId === null ? UNKNOWN : <code>{buildId}</code>}</dd>
      <dt>KASLR offset</dt>
      <dd>{kernelOffset === null ? UNKNOWN : <AddressText value={BigInt(kernelOffset)} />}</dd>
      <dt>Page size</dt>
      <dd>{pageSize === null ? UNKNOWN : formatBytes(pageSize)}</dd>
      <dt>Crashed</dt>
      <dd>{crashedAt === null ? "no crash time in the dump" : formatTime(crashedAt)}</dd>
    </>
  );
}

function MachineFold({ title, aside, children }: { title: string; aside: ReactNode; children: ReactNode }) {
  const line = (
    <>
      <span>{title}</span>
      <small>{aside}</small>
    </>
  );
  return (
    <Fold className={styles.fold} title={line}>
      {children}
    </Fold>
  );
}

/** Where a processor stands. */
function Standing({ processor }: { processor: Processor }) {
  const { qemu, status } = processor;
  for (const registers of [qemu?.registers, status?.registers]) {
    const name = INSTRUCTION_POINTERS.find((each) => registers?.[each] !== undefined);
    if (registers && name) {
      return (
        <>
          {name} <AddressText value={BigInt(registers[name])} />
        </>
      );
    }
  }
  return "registers not read";
}

function ProcessorState({ processor: { qemu, status } }: { processor: Processor }) {
  return (
    <>
      {qemu !== null && (
        <>
          <h4 className={styles.from}>
            QEMU note <small>version {qemu.version}</small>
          </h4>
          <RegisterGrid registers={qemu.registers} />
          {qemu.segments.length > 0 && <SegmentTable segments={qemu.segments} />}
        </>
      )}
      {status !== null && (
        <>
          <h4 className={styles.from}>
            NT_PRSTATUS note <small>pr_pid {status.pid}</small>
          </h4>
          {status.registers === null ? <p>Of no known layout.</p> : <RegisterGrid registers={status.registers} />}
        </>
      )}
    </>
  );
}

function RegisterGrid({ registers }: { registers: Registers }) {
  return (
    <dl className={styles.registers}>
      {Object.entries(registers).map(([name, value]) => (
        <div key={name} data-long={name.length > NAME_LENGTH} data-zero={value === "0x0"}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function SegmentTable({ segments }: { segments: NonNullable<Processor["qemu"]>["segments"] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section className={styles.segments} aria-label="Segment registers" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">seg</th>
            <th scope="col">selector</th>
            <th scope="col">base</th>
            <th scope="col">limit</th>
            <th scope="col">flags</th>
          </tr>
        </thead>
        <tbody>
          {segments.map(({ name, selector, base, limit, flags }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {[selector, base, limit, flags].map((value, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column's identity is its place
                <td key={column} data-zero={value === "0x0"}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
