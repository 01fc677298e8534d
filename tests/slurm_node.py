"""A real Slurm of one node on loopback, in a folder of its own.

Needs root, and Debian's `slurm-wlm` and `munge`. By hand:
`python slurm_node.py start FOLDER` prints the SLURM_CONF to export, `… stop FOLDER`
ends it.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

PROGRAMS = ('munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue')
CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
MinJobAge=300
StateSaveLocation={home}/state
SlurmdSpoolDir={home}/spool
SlurmctldLogFile={home}/slurmctld.log
SlurmdLogFile={home}/slurmd.log
SlurmctldPidFile={home}/slurmctld.pid
SlurmdPidFile={home}/slurmd.pid
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus}
PartitionName=all Nodes={host} Default=YES State=UP
"""


def why_not():
    """Why no Slurm can be started here, or None."""
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    if lacking:
        return f'{", ".join(lacking)} not installed (Debian: slurm-wlm, munge)'
    return None if os.geteuid() == 0 else 'a Slurm is started by root only'


def _free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def start(home):
    """Start it; the path of its configuration, for SLURM_CONF."""
    home = Path(home)
    for name in ('state', 'spool'):
        (home / name).mkdir(parents=True, exist_ok=True)
    conf = home / 'slurm.conf'
    host = socket.gethostname().split('.')[0]
    conf.write_text(
        CONF.format(
            host=host,
            home=home,
            cpus=os.cpu_count(),
            ports=[_free_port() for _ in '12'],
        )
    )
    if subprocess.run(['munge', '-n'], capture_output=True).returncode:
        run = Path('/run/munge')
        run.mkdir(exist_ok=True)
        shutil.chown(run, 'munge', 'munge')
        subprocess.run(['runuser', '-u', 'munge', '--', 'munged'], check=True)
        (home / 'started_munge').touch()
    env = {**os.environ, 'SLURM_CONF': str(conf)}
    for daemon in ('slurmctld', 'slurmd'):
        subprocess.run([daemon, '-f', conf], env=env, check=True)
    for _ in range(100):
        answer = subprocess.run(
            ['sinfo', '-h', '-o', '%T'], env=env, capture_output=True, text=True
        )
        if answer.stdout.strip() == 'idle':
            return conf
        time.sleep(0.2)
    stop(home)
    raise RuntimeError((home / 'slurmctld.log').read_text())


def stop(home):
    """End all of it."""
    home = Path(home)
    for daemon in ('slurmd', 'slurmctld'):
        pid = home / f'{daemon}.pid'
        if pid.exists():
            subprocess.run(['kill', pid.read_text().strip()], check=False)
    if (home / 'started_munge').exists():
        subprocess.run(['pkill', '-x', 'munged'], check=False)


if __name__ == '__main__':
    if sys.argv[1] == 'start':
        if reason := why_not():
            sys.exit(reason)
        print(f'export SLURM_CONF={start(Path(sys.argv[2]).absolute())}')
    else:
        stop(sys.argv[2])
