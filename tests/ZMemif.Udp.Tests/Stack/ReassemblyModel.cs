namespace ZMemif.Udp.Tests.Stack;

/// <summary>One packet's reassembly as it is told, not as it is built: a map of which byte came by which fragment.</summary>
internal sealed class ReassemblyModel(int lifetimeSeconds)
{
    private readonly Dictionary<int, (byte Value, (int Offset, int Length, bool IsLast) By)> _bytes = [];
    private int? _end;
    private int _age;

    internal enum Outcome
    {
        Waiting,
        Complete,
        Duplicate,
        Dead,
    }

    internal bool IsBegun => _bytes.Count > 0;

    /// <summary>The bytes so far, when they are all there.</summary>
    internal byte[] Whole => [.. Enumerable.Range(0, _bytes.Count).Select(i => _bytes[i].Value)];

    internal Outcome Add(byte[] bytes, int offset, bool isLast)
    {
        var by = (offset, bytes.Length, isLast);
        var there = Enumerable.Range(offset, bytes.Length).Where(_bytes.ContainsKey).ToList();
        bool repeats = there.Count == bytes.Length && there.All(i => _bytes[i].By == by && _bytes[i].Value == bytes[i - offset]);
        if (repeats)
            return Outcome.Duplicate;
        int furthest = _bytes.Count == 0 ? 0 : _bytes.Keys.Max() + 1;
        bool hasTwoEnds = isLast ? offset + bytes.Length <= furthest || _end is not null : offset + bytes.Length >= _end;
        if (there.Count > 0 || hasTwoEnds)
        {
            Clear();
            return Outcome.Dead;
        }

        for (int i = 0; i < bytes.Length; i++)
            _bytes[offset + i] = (bytes[i], by);
        _end = isLast ? offset + bytes.Length : _end;
        return _bytes.Count == _end ? Outcome.Complete : Outcome.Waiting;
    }

    /// <summary>Lets time pass.</summary>
    /// <returns>Whether it was too much.</returns>
    internal bool Pass(int seconds)
    {
        _age = IsBegun ? _age + seconds : 0;
        if (_age < lifetimeSeconds)
            return false;
        Clear();
        return true;
    }

    internal void Clear()
    {
        _bytes.Clear();
        (_end, _age) = (null, 0);
    }
}
