#!/usr/bin/env python3
"""The commands of docs/ci, run as their CI systems would, on a small matrix of a fake QEMU's."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = SOURCE / "docs" / "ci"
QHARNESS = os.environ["QHARNESS"]
SHARDS = 3
SKIPPED = 77

try:
    import yaml
except ImportError:
    print("skipped: no YAML for Python here (Debian: python3-yaml)")
    sys.exit(SKIPPED)


class CiExample:
    """A checkout in which `./dev build` has been, and the nightly matrix is a small one."""

    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="qharness-ci-")
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        (self.folder / "build" / "harness").mkdir(parents=True)
        (self.folder / "build" / "harness" / "qharness").symlink_to(QHARNESS)
        (self.folder / "dev").symlink_to("/bin/true")
        self.write_matrix()
        self.summary = self.folder / "summary.md"
        self.summary.touch()

    def write(self, name, value):
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(value if isinstance(value, str) else json.dumps(value))
        return file

    def write_matrix(self):
        bad = self.folder / "bad"
        self.write("kernel", "no kernel")
        self.write("bin/poweroff", "#!/bin/sh\necho powering off\nsleep 1000\n").chmod(0o755)
        self.write("fake_qemu.json", {"guest": [{"shell": {}, "until": "powering off"}]})
        self.write("scenarios/s.json", {
            "name": "s", "params": {"n": 0}, "timeout": "2m",
            "machine": {"qemu": str(SOURCE / "tests" / "fakes" / "fake_qemu"),
                        "kernel": str(self.folder / "kernel"), "memory": "64M"},
            "steps": [{"boot": "shell"}, {"run": f"test {{{{n}}}} -ne 3 || ! test -e {bad}"}]})
        self.write("scenarios/nightly.matrix.json", {
            "name": "nightly", "scenarios": ["s.json"], "axes": {"n": list(range(5))}})

    def sh(self, script, **variables):
        """The exit status of a script, stopped at its first command that fails."""
        environment = {**os.environ, "FAKE_QEMU_SCRIPT": str(self.folder / "fake_qemu.json"),
                       "GITHUB_STEP_SUMMARY": str(self.summary), **variables}
        return subprocess.run(["bash", "-e", "-c", script], cwd=self.folder, env=environment,
                              stdout=subprocess.DEVNULL, timeout=300, check=False).returncode

    def check_night(self, failures):
        page = (self.folder / "night.html").read_text()
        data = json.loads(page.split('id="night">')[1].split("</script>")[0])
        self.assertEqual(len(data["cells"]), 5)
        self.assertEqual(data["counts"].get("failed", 0), failures)
        self.assertIn(f'tests="5" failures="{failures}"', (self.folder / "junit.xml").read_text())
        return data


class GitHub(CiExample, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.jobs = yaml.safe_load((EXAMPLES / "github.yml").read_text())["jobs"]

    def steps(self, job, shard=None):
        """The statuses of a job's commands; what is not `always()` ends with the first failure."""
        statuses = []
        for step in self.jobs[job]["steps"]:
            if "run" not in step or (any(statuses) and step.get("if") != "always()"):
                continue
            statuses.append(self.sh(step["run"].replace("${{ matrix.shard }}", str(shard))))
        return statuses

    def night(self):
        """What the commands of the last job ended with."""
        for name in ("nights", "shards"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.assertEqual(self.jobs["shard"]["strategy"]["matrix"]["shard"],
                         list(range(1, SHARDS + 1)))
        for shard in range(1, SHARDS + 1):
            self.steps("shard", shard)
            # As upload-artifact and download-artifact do with a folder.
            (self.folder / "nights").rename(self.folder / f"shard-{shard}")
            (self.folder / "shards").mkdir(exist_ok=True)
            (self.folder / f"shard-{shard}").rename(self.folder / "shards" / f"shard-{shard}")
        return self.steps("night")

    def test_nights_are_merged_compared_and_told(self):
        self.assertEqual(self.night(), [0, 0, 0])
        self.assertNotIn("changes", self.check_night(0))
        self.assertEqual(self.night(), [0, 0, 0])
        self.write("bad", "")
        self.assertEqual(self.night(), [0, 0, 1])
        data = self.check_night(1)
        self.assertEqual([one["cell"] for one in data["changes"]["new_failures"]], ["s n=3"])
        self.assertIn("s n=3", self.summary.read_text())

    def test_a_shard_that_is_missing_is_an_error(self):
        self.night()
        shutil.rmtree(self.folder / "shards" / "shard-2")
        self.assertEqual(self.steps("night")[1], 6)


class GitLab(CiExample, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.jobs = yaml.safe_load((EXAMPLES / "gitlab.yml").read_text())

    def script(self, job, **variables):
        return self.sh("\n".join(self.jobs[job]["script"]), **variables)

    def night(self):
        shutil.rmtree(self.folder / "nights", ignore_errors=True)
        self.assertEqual(self.jobs["shard"]["parallel"], SHARDS)
        for shard in range(1, SHARDS + 1):
            self.script("shard", CI_NODE_INDEX=str(shard), CI_NODE_TOTAL=str(SHARDS))
        return self.script("night")

    def test_nights_are_merged_compared_and_told(self):
        self.assertEqual(self.night(), 0)
        self.check_night(0)
        self.write("bad", "")
        self.assertEqual(self.night(), 1)
        self.check_night(1)


if __name__ == "__main__":
    unittest.main()
