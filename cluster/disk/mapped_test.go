package disk

import (
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

// pages are the content of a file of whole pages, each of one letter, with a short one at the end.
func pages(letters string) string {
	var out strings.Builder
	for _, c := range letters {
		out.WriteString(strings.Repeat(string(c), pageSize))
	}
	return out.String() + "end"
}

// TestWhatIsWrittenThroughAMapIsLikeAnyWrite, once it is noticed: not synced until the file is.
func TestWhatIsWrittenThroughAMapIsLikeAnyWrite(t *testing.T) {
	for _, c := range []struct {
		name          string
		do            func(*File, io.ReaderAt) (int, error)
		pages         int
		seen, durable string
	}{
		{"noticed", func(f *File, real io.ReaderAt) (int, error) { return f.WriteMapped(real, 0, 1<<40) }, 2, "aXcYe", "abcde"},
		{"and synced", func(f *File, real io.ReaderAt) (int, error) {
			n, err := f.WriteMapped(real, 0, 1<<40)
			return n, errors.Join(err, f.Sync())
		}, 2, "aXcYe", "aXcYe"},
		{"in a range, and synced", func(f *File, real io.ReaderAt) (int, error) {
			n, err := f.WriteMapped(real, pageSize+10, 1) // of whole pages
			return n, errors.Join(err, f.Sync())
		}, 1, "aXcde", "aXcde"},
		{"behind the end", func(f *File, real io.ReaderAt) (int, error) { return f.WriteMapped(real, 1<<20, 1) }, 0, "abcde", "abcde"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onDisk(t, func(t *testing.T, d *Disk) {
				v := start(t, d)
				f := create(t, v, "db", pages("abcde"))
				check(t, f.Sync())
				n, err := c.do(f, strings.NewReader(pages("aXcYe")))
				check(t, err)
				if n != c.pages {
					t.Errorf("%d pages were written", n)
				}
				b, err := v.ReadFile("db")
				check(t, err)
				expect(t, "processes see", show(b), show([]byte(pages(c.seen))))
				check(t, v.PowerLoss())
				b, err = d.ReadFile("db")
				check(t, err)
				expect(t, "a loss of power leaves", show(b), show([]byte(pages(c.durable))))
			})
		})
	}
}

// TestThePagesOfAMapAreWrittenBackInAnyOrder: a loss of power may leave any of them without any other.
func TestThePagesOfAMapAreWrittenBackInAnyOrder(t *testing.T) {
	found := map[string]bool{}
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			d := newDisk(Ext4, seed)
			v := start(t, d)
			f := create(t, v, "db", pages("abc"))
			check(t, f.Sync())
			_, err := f.WriteMapped(strings.NewReader(pages("XYZ")), 0, 3*pageSize)
			check(t, err)
			check(t, v.PowerLoss())
			b, err := d.ReadFile("db")
			check(t, err)
			found[string([]byte{b[0], b[pageSize], b[2*pageSize]})] = true
		})
	}
	for _, want := range []string{"abc", "Xbc", "aYc", "abZ", "XYc", "XbZ", "aYZ", "XYZ"} {
		if !found[want] {
			t.Errorf("%s was never found", want)
		}
	}
}

// TestAMapIsOfAFileAsLongAsTheDisks, or the caller has missed something.
func TestAMapIsOfAFileAsLongAsTheDisks(t *testing.T) {
	onDisk(t, func(t *testing.T, d *Disk) {
		v := start(t, d)
		f := create(t, v, "db", pages("ab"))
		if _, err := f.WriteMapped(strings.NewReader("too short"), 0, 1); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a file that is too short: %v", err)
		}
		if _, err := f.WriteMapped(strings.NewReader(pages("ab")), -1, 1); !errors.Is(err, syscall.EINVAL) {
			t.Errorf("an offset before the file: %v", err)
		}
	})
}
