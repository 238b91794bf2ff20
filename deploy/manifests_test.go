package deploy

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

// manifest is an object of the manifests.
type manifest struct {
	file   string
	kind   string
	object metav1.Object
	pod    *corev1.PodTemplateSpec // nil if it has none
}

// manifests are all objects that are applied to a cluster. A field that Kubernetes does not know is an error.
func manifests(t *testing.T) []manifest {
	t.Helper()
	var all []manifest
	err := filepath.WalkDir("kubernetes", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "kustomization.yaml" {
			return err
		}
		for text := range strings.SplitSeq(read(t, path), "\n---\n") {
			all = append(all, decode(t, path, []byte(text)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func decode(t *testing.T, file string, text []byte) manifest {
	t.Helper()
	var is metav1.TypeMeta
	if err := yaml.Unmarshal(text, &is); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	m := manifest{file: file, kind: is.Kind}
	strict := func(version string, into metav1.Object) {
		t.Helper()
		m.object = into
		if err := yaml.UnmarshalStrict(text, into); err != nil || is.APIVersion != version {
			t.Fatalf("%s: %s %s: %v", file, is.APIVersion, is.Kind, err)
		}
	}
	switch is.Kind {
	case "ConfigMap":
		strict("v1", &corev1.ConfigMap{})
	case "Service":
		strict("v1", &corev1.Service{})
	case "PersistentVolumeClaim":
		strict("v1", &corev1.PersistentVolumeClaim{})
	case "NetworkPolicy":
		strict("networking.k8s.io/v1", &networkingv1.NetworkPolicy{})
	case "StatefulSet":
		var s appsv1.StatefulSet
		strict("apps/v1", &s)
		m.pod = &s.Spec.Template
		selects(t, file, s.Spec.Selector, m.pod)
	case "Deployment":
		var d appsv1.Deployment
		strict("apps/v1", &d)
		m.pod = &d.Spec.Template
		selects(t, file, d.Spec.Selector, m.pod)
	case "Job":
		var j batchv1.Job
		strict("batch/v1", &j)
		m.pod = &j.Spec.Template
	default:
		t.Fatalf("%s: %s", file, is.Kind)
	}
	return m
}

// selects checks that a controller finds its own pods.
func selects(t *testing.T, file string, by *metav1.LabelSelector, pod *corev1.PodTemplateSpec) {
	t.Helper()
	if s, err := metav1.LabelSelectorAsSelector(by); err != nil || !s.Matches(labels.Set(pod.Labels)) {
		t.Errorf("%s: the selector %v does not match the pod's labels (%v)", file, s, err)
	}
}

// named is the object of a kind and a name.
func named(t *testing.T, kind, name string) manifest {
	t.Helper()
	for _, m := range manifests(t) {
		if m.kind == kind && m.object.GetName() == name {
			return m
		}
	}
	t.Fatalf("there is no %s %s", kind, name)
	return manifest{}
}

// All pods are allowed in a namespace with the strictest of Kubernetes' standards, "restricted": they are not root, gain no
// privileges, and have the runtime's usual seccomp profile.
func TestPodsAreRestricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range manifests(t) {
		if m.pod == nil {
			continue
		}
		all := evaluator.EvaluatePod(api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}, &m.pod.ObjectMeta, &m.pod.Spec)
		if result := policy.AggregateCheckResults(all); !result.Allowed {
			t.Errorf("%s: %s", m.file, result.ForbiddenDetail())
		}
	}
}

// A pod is bounded, writes to volumes only, and mounts volumes that it has.
func TestPodsAreBounded(t *testing.T) {
	for _, m := range manifests(t) {
		if m.pod == nil {
			continue
		}
		volumes := map[string]bool{}
		for _, v := range m.pod.Spec.Volumes {
			volumes[v.Name] = true
		}
		if s, ok := m.object.(*appsv1.StatefulSet); ok {
			for _, claim := range s.Spec.VolumeClaimTemplates {
				volumes[claim.Name] = true
			}
		}
		for _, c := range m.pod.Spec.Containers {
			if c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() || c.Resources.Requests.Memory().IsZero() {
				t.Errorf("%s: %s asks for no processor and memory, or has no bound", m.file, c.Name)
			}
			if only := c.SecurityContext.ReadOnlyRootFilesystem; only == nil || !*only {
				t.Errorf("%s: %s may write to its image", m.file, c.Name)
			}
			for _, mount := range c.VolumeMounts {
				if !volumes[mount.Name] {
					t.Errorf("%s: %s mounts %s, which the pod does not have", m.file, c.Name, mount.Name)
				}
			}
		}
	}
}

// Whatever runs worlds has room for as many as it runs: their memory, and their files in /dev/shm, which count as memory too.
func TestWorldsHaveRoom(t *testing.T) {
	const world = 1024 << 20 // --memory 1024
	found := 0
	for _, m := range manifests(t) {
		if m.pod == nil {
			continue
		}
		c := m.pod.Spec.Containers[0]
		worlds := c.Resources.Requests.Cpu().Value()
		i := slices.IndexFunc(m.pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == "shm" })
		if i < 0 {
			continue
		}
		found++
		if !strings.Contains(strings.Join(c.Args, " "), "--memory") {
			t.Errorf("%s: worlds are not bounded", m.file)
		}
		shm := m.pod.Spec.Volumes[i].EmptyDir
		if shm.Medium != corev1.StorageMediumMemory || c.Resources.Limits.Memory().Value() < worlds*world+shm.SizeLimit.Value() {
			t.Errorf("%s: %d worlds and /dev/shm do not fit into %v", m.file, worlds, c.Resources.Limits.Memory())
		}
	}
	if found != 3 {
		t.Errorf("%d pods run worlds", found)
	}
}

// The server is of the version that the program for NATS is tested with.
func TestServerIsTheOneThatWasTested(t *testing.T) {
	image := named(t, "StatefulSet", "faultline-nats").pod.Spec.Containers[0].Image
	version, ok := strings.CutPrefix(strings.TrimSuffix(image, "-alpine"), "nats:")
	if mod := read(t, filepath.Join(root, "jetstream", "go.mod")); !ok || !strings.Contains(mod, "nats-server/v2 v"+version+"\n") {
		t.Errorf("%s is not the version in go.mod", image)
	}
}

// Every directory that is applied names what is in it.
func TestKustomizationsNameTheirFiles(t *testing.T) {
	files, err := filepath.Glob("kubernetes/*/kustomization.yaml")
	more, moreErr := filepath.Glob("kubernetes/*/*/kustomization.yaml")
	if files = append(files, more...); err != nil || moreErr != nil || len(files) != 4 {
		t.Fatalf("%v (%v, %v)", files, err, moreErr)
	}
	for _, file := range files {
		var k struct {
			metav1.TypeMeta `json:",inline"`
			Resources       []string `json:"resources"`
			Images          []struct {
				Name    string `json:"name"`
				NewName string `json:"newName"`
				NewTag  string `json:"newTag"`
			} `json:"images"`
		}
		if err := yaml.UnmarshalStrict([]byte(read(t, file)), &k); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		is, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.yaml"))
		if err != nil || len(is) != len(k.Resources)+1 || len(k.Images) != 1 || k.Images[0].Name != "faultline" {
			t.Errorf("%s: %v of %v, %v (%v)", file, k.Resources, is, k.Images, err)
		}
	}
}
