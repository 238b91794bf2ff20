package redis

import (
	"context"
	"errors"
	"fmt"

	goredis "github.com/redis/go-redis/v9"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// script compares and sets in one step. What is stored may have padding, which is no part of the value.
const script = `local found = redis.call('GET', KEYS[1])
if found and string.gsub(found, ' +$', '') == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2])
  return {1, found}
end
return {0, found}`

// byScript is a cas by a script. It says what it found if that is something else.
func byScript(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	old, fresh, err := o.CAS()
	if err != nil {
		return failed(err.Error()), nil
	}
	answer, err := r.Eval(ctx, script, []string{o.Key}, old.String(), stored.Text(fresh, o.Padding)).Slice()
	if err != nil {
		return cluster.Outcome{}, err
	}
	if len(answer) == 0 {
		return cluster.Outcome{}, errors.New("the script has answered nothing")
	}
	if answer[0] == int64(1) {
		return cluster.Outcome{Type: history.OK}, nil
	}
	found := history.NilValue()
	if len(answer) > 1 && answer[1] != nil {
		found = stored.Value(fmt.Sprint(answer[1]))
	}
	return mismatched(found), nil
}

// byWatch is a cas by a transaction on a watched key: the server carries it out only if the key is as it was read. If not,
// nothing was written, and nothing is said of the value.
func byWatch(ctx context.Context, r *goredis.Client, o cluster.Op) (out cluster.Outcome, err error) {
	old, fresh, err := o.CAS()
	if err != nil {
		return failed(err.Error()), nil
	}
	var reading error
	err = r.Watch(ctx, func(tx *goredis.Tx) error {
		found, err := get(ctx, tx, o.Key)
		if err != nil {
			reading = err
			return err
		}
		if !found.Equal(old) {
			out = mismatched(found)
			return nil
		}
		out.Type = history.OK
		_, err = tx.TxPipelined(ctx, func(p goredis.Pipeliner) error {
			return p.Set(ctx, o.Key, stored.Text(fresh, o.Padding), 0).Err()
		})
		return err
	}, o.Key)
	switch {
	case errors.Is(err, goredis.TxFailedErr):
		return failed("the key has changed since it was read"), nil
	case reading != nil:
		return failed(reason(reading)), nil
	default:
		return out, err
	}
}

// byCommand is a cas by a command of the server's own, CAS key old new, which answers 1 if it has written, and 0 if it has
// found something else.
func byCommand(ctx context.Context, r *goredis.Client, o cluster.Op) (cluster.Outcome, error) {
	old, fresh, err := o.CAS()
	if err != nil {
		return failed(err.Error()), nil
	}
	written, err := r.Do(ctx, "CAS", o.Key, old.String(), stored.Text(fresh, o.Padding)).Int()
	switch {
	case err != nil:
		return cluster.Outcome{}, err
	case written == 1:
		return cluster.Outcome{Type: history.OK}, nil
	case written == 0:
		return cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed}, nil
	default:
		return cluster.Outcome{}, fmt.Errorf("CAS has answered %d, which is neither 0 nor 1", written)
	}
}

// mismatched is the outcome of a cas that found something else.
func mismatched(found history.Value) cluster.Outcome {
	return cluster.Outcome{Type: history.Fail, Value: found, Error: history.PreconditionFailed}
}
