// The smallest module that can be seen to have been loaded: it says so, and has a parameter.
#include <linux/init.h>
#include <linux/module.h>

static int answer = 42;
module_param(answer, int, 0444);
MODULE_PARM_DESC(answer, "what /sys/module shows of a loaded module");

static int __init probe_init(void)
{
	pr_info("qharness_probe: loaded\n");
	return 0;
}

static void __exit probe_exit(void)
{
	pr_info("qharness_probe: unloaded\n");
}

module_init(probe_init);
module_exit(probe_exit);
MODULE_LICENSE("GPL");
MODULE_VERSION("1.0");
MODULE_DESCRIPTION("Probe of out-of-tree modules");
